package session_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/session"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/trail"
)

func TestSignInAnswersWithTokenCookieAndUser(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		a := p.signIn("acme", " ANN", servertest.Password).Expect(200)
		if a.String("token_type") != "Bearer" || a.Value("expires_in") != 7200.0 {
			t.Errorf("%s", a.Body)
		}
		if a.String("user", "id") != p.ann.ID || a.String("user", "tenant", "slug") != "acme" {
			t.Errorf("%s", a.Body)
		}
		if token := a.String("access_token"); len(token) >= session.MaxIssuedToken {
			t.Errorf("the token has %d bytes", len(token))
		}
		c := p.Client()
		c.Token = a.String("access_token")
		c.Do("GET", "/v1/me", nil).Expect(200)
	})
}

// The whole policy is not read again for one user, unless another version of it stands.
func TestSignInIsShownByThePolicyOfTheVersionThatStands(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		roles := func() any { return p.signIn("acme", "ann", servertest.Password).Expect(200).Value("user", "roles") }
		p.admin.SignIn().Do("GET", "/v1/me", nil).Expect(200)
		p.unheard(t, p.acme.ID, `DELETE FROM role_assignments WHERE tenant_id = $1 AND user_id = $2`, p.ann.ID)
		if got, _ := roles().([]any); len(got) != 1 {
			t.Errorf("the known policy gives ann %v", got)
		}
		p.unheard(t, p.acme.ID, `UPDATE tenants SET policy_version = policy_version + 1 WHERE tenant_id = $1`)
		if got, _ := roles().([]any); len(got) != 0 {
			t.Errorf("another version stands, and ann has %v", got)
		}
	})
}

func TestSignInIsRecordedWithItsUserAsActor(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		p.ann.SignIn()
		records := p.records(t, p.acme.ID, "auth.login")
		if len(records) != 1 {
			t.Fatalf("%d records", len(records))
		}
		r := records[0]
		want := trail.Actor{Type: trail.User, ID: p.ann.ID, Roles: []string{"agent"}, SID: r.Actor.SID, AMR: []string{"pwd"}}
		if diff := cmp.Diff(want, r.Actor); diff != "" || r.Actor.SID == "" {
			t.Error(diff)
		}
		if !slices.Contains(r.Target, trail.Ref{Type: "user", ID: p.ann.ID}) || !slices.Contains(r.Target, trail.Ref{Type: "session", ID: r.Actor.SID}) {
			t.Errorf("targets %v", r.Target)
		}
		if len(p.records(t, "platform", "auth.login")) != 0 {
			t.Error("the platform's trail has a record of it too")
		}
	})
}

func TestTenantMayBeLeftOutWhereThereIsOne(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		p.signIn("", "ann", servertest.Password).Expect(200)
		p.NewTenant("other", "it-desk")
		p.signIn("", "ann", servertest.Password).Refused(422, "invalid_request")
		p.signIn("Acme", "ann", servertest.Password).Expect(200)
	})
}

// Whatever is wrong, a stranger learns that the sign-in failed and nothing else.
func TestEverythingWrongHasOneAnswer(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		p.acme.NewUser("gone", nil, "agent")
		p.set(t, p.acme.ID, `UPDATE users SET active = $2 WHERE tenant_id = $1 AND username = 'gone'`, false)
		p.acme.NewUser("none", nil, "agent")
		p.set(t, p.acme.ID, `UPDATE users SET password_hash = NULL WHERE tenant_id = $1 AND username = 'none'`)
		resting := p.NewTenant("resting", "it-desk")
		resting.NewUser("ann", nil, "agent")
		p.set(t, resting.ID, `UPDATE tenants SET status = 'suspended' WHERE tenant_id = $1`)

		var first map[string]any
		for _, try := range []struct{ tenant, name, password, home, reason string }{
			{"acme", "ann", "not the right one", p.acme.ID, "wrong_password"},
			{"acme", "ann", strings.Repeat("long", 100), p.acme.ID, "wrong_password"},
			{"acme", "nobody", servertest.Password, p.acme.ID, "unknown_user"},
			{"nowhere", "ann", servertest.Password, "platform", "unknown_tenant"},
			{"acme", "gone", servertest.Password, p.acme.ID, "user_disabled"},
			{"acme", "none", servertest.Password, p.acme.ID, "no_password"},
			{"resting", "ann", servertest.Password, resting.ID, "tenant_suspended"},
		} {
			a := p.signIn(try.tenant, try.name, try.password).Refused(401, "bad_credentials")
			if a.Header.Get("Set-Cookie") != "" {
				t.Errorf("%v: a cookie", try)
			}
			var body map[string]any
			a.Into(&body)
			delete(body, "request")
			if first == nil {
				first = body
			}
			if diff := cmp.Diff(first, body); diff != "" {
				t.Errorf("%v answers differently: %s", try, diff)
			}
			reasons := p.texts(t, try.home, `SELECT l.reason FROM sign_ins l WHERE l.tenant_id = $1 ORDER BY l.id DESC LIMIT 1`)
			if !slices.Equal(reasons, []string{try.reason}) {
				t.Errorf("%v: the log says %q", try, reasons)
			}
			records := p.records(t, try.home, "auth.login")
			if len(records) == 0 || records[len(records)-1].Outcome.Reason != "bad_credentials" || records[len(records)-1].Actor.Type != trail.Anonymous {
				t.Errorf("%v: records %+v", try, records)
			}
		}
	})
}

func TestPasswordsOfTenantsThatDoNotAcceptThemAreRefused(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		c := p.ann.SignIn()
		p.set(t, p.acme.ID, `UPDATE tenants SET local_password = 'disabled' WHERE tenant_id = $1`)
		p.signIn("acme", "ann", servertest.Password).Refused(401, "bad_credentials")
		c.Do("POST", "/v1/auth/refresh", nil).Refused(401, "invalid_refresh")
	})
}

// Names that nobody has may be passwords, typed into the wrong field.
func TestWhatIsTypedIsNotKept(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		const marker = "plum-Marker-7261"
		p.signIn("acme", marker, marker).Refused(401, "bad_credentials")
		p.signIn("nowhere", marker, marker).Refused(401, "bad_credentials")
		p.signIn("acme", "ann", marker).Refused(401, "bad_credentials")
		for _, home := range []string{p.acme.ID, "platform"} {
			kept := p.texts(t, home, `SELECT l.masked_name FROM sign_ins l WHERE l.tenant_id = $1`)
			kept = append(kept, p.texts(t, home, `SELECT p.value FROM audit_personal p WHERE p.tenant_id = $1`)...)
			kept = append(kept, p.texts(t, home, `SELECT f.pair FROM sign_in_failures f WHERE f.tenant_id = $1`)...)
			for _, r := range p.records(t, home, "auth.login") {
				body, err := r.Encode()
				if err != nil {
					t.Fatal(err)
				}
				kept = append(kept, string(body))
			}
			if text := strings.Join(kept, "\n"); strings.Contains(text, "Marker") || !strings.Contains(text, "p***") {
				t.Error(text)
			}
		}
	})
}

func TestEachSignInBeginsItsOwnSession(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		c := p.ann.SignIn()
		first := c.Token
		c.SignIn(p.admin)
		ids := p.texts(t, p.acme.ID, `SELECT s.id FROM sessions s WHERE s.tenant_id = $1`)
		if len(ids) != 2 {
			t.Errorf("%d sessions", len(ids))
		}
		if got := c.Do("POST", "/v1/auth/refresh", nil).Expect(200).String("user", "username"); got != "root" {
			t.Errorf("the browser renews the session of %s", got)
		}
		c.Token = first
		if got := c.Do("GET", "/v1/me", nil).Expect(200).String("username"); got != "ann" {
			t.Errorf("the first token belongs to %s", got)
		}
	})
}

func TestHashIsRenewedWhenTheCostChanged(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		const cost5 = "$2a$05$" // of the hash that follows, made from the same password
		hash := hashAt(t, 5, servertest.Password)
		if !strings.HasPrefix(hash, cost5) {
			t.Fatal(hash)
		}
		p.set(t, p.acme.ID, `UPDATE users SET password_hash = $3 WHERE tenant_id = $1 AND id = $2`, p.ann.ID, hash)
		p.ann.SignIn()
		kept := p.texts(t, p.acme.ID, `SELECT u.password_hash FROM users u WHERE u.tenant_id = $1 AND u.id = $2`, p.ann.ID)
		if !strings.HasPrefix(kept[0], "$2a$04$") {
			t.Errorf("kept %.7s", kept[0])
		}
		p.ann.SignIn()
	})
}

func TestMalformedSignInsAreRefusedWithoutEcho(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		for _, body := range []any{
			"{", `{"username":"ann"}`, `{"username":"ann","password":"secret-echo","extra":1}`, `{"username":"ann","password":["secret-echo"]}`,
			map[string]any{"username": strings.Repeat("n", 10_000), "password": "secret-echo"},
			map[string]any{"username": "ann", "password": strings.Repeat("secret-echo", 1000)},
			`{"username":"a\u0000","password":"secret-echo"}`,
		} {
			a := p.Client().Do("POST", "/v1/auth/login", body)
			if a.Status != 422 || strings.Contains(string(a.Body), "secret-echo") {
				text, _ := json.Marshal(body)
				t.Errorf("%.80s: %d %s", text, a.Status, a.Body)
			}
		}
	})
}

func TestSignInsOfOtherSitesAreRefused(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		c := p.ann.SignIn()
		for _, path := range []string{"/v1/auth/login", "/v1/auth/refresh", "/v1/auth/logout", "/v1/auth/password"} {
			c.Do("POST", path, nil, "Origin", "https://elsewhere.example").Refused(403, "foreign_origin")
		}
		c.Do("GET", "/v1/me", nil).Expect(200)
		c.Do("POST", "/v1/auth/refresh", nil, "Origin", p.URL).Expect(200)
	})
}

// A sign-in in flight while the password changes gains nothing from the old one: either it fails, or
// what it began has ended.
func TestPasswordThatChangesMeanwhileIsWorthless(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		was, is := hashAt(t, 4, servertest.Password), hashAt(t, 4, nextPassword)
		for n := range 20 {
			from := fmt.Sprintf("10.0.%d.1", n) // where nothing has failed yet
			p.set(t, p.acme.ID, `UPDATE users SET password_hash = $3 WHERE tenant_id = $1 AND id = $2`, p.ann.ID, was)
			answer := make(chan *http.Response, 1)
			go func() { answer <- p.signInFrom(from, servertest.Password) }()
			err := p.DB.Write(t.Context(), p.acme.ID, func(tx *store.Tx) error {
				if err := identity.SetPasswordHash(t.Context(), tx, p.ann.ID, is); err != nil {
					return err
				}
				return p.Sessions.EndSessions(t.Context(), tx, p.ann.ID, "", "test")
			})
			if err != nil {
				t.Fatal(err)
			}
			r := <-answer
			if r.StatusCode == 401 {
				continue
			}
			expect(t, r, 200, "")
			cookie := cookieOf(t, r)
			expect(t, p.get("/v1/me", accessTokenOf(t, r)), 401, "")
			expect(t, p.refresh(cookie), 401, "")
		}
	})
}
