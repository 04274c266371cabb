package session_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/trail"
)

// goOn sends the second step of a sign-in from a client of its own.
func (p *program) goOn(challenge, code string) *servertest.Answer {
	return p.Client().Do("POST", "/v1/auth/login/otp", map[string]any{"challenge": challenge, "code": code})
}

// proofClaims say how and when, in seconds, somebody proved who they are.
type proofClaims struct {
	AMR      []string `json:"amr"`
	AuthTime int64    `json:"auth_time"`
}

// claimsIn are those of a token, which nobody doubts here.
func claimsIn(t *testing.T, token string) (claims proofClaims) {
	t.Helper()
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

// logged are the outcome, reason and method of a user's lines in the sign-in log, oldest first.
func (p *program) logged(t *testing.T, u *servertest.User) []string {
	t.Helper()
	return p.texts(t, p.acme.ID, `
		SELECT l.outcome || ' ' || l.reason || ' ' || l.method
		FROM sign_ins l
		WHERE l.tenant_id = $1 AND l.user_id = $2
		ORDER BY l.id`, u.ID)
}

func TestSignInGoesOnWithTheSecondFactor(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		first := p.signIn("acme", "root", servertest.Password).Refused(401, "mfa_required")
		if cookie := first.Header.Get("Set-Cookie"); cookie != "" {
			t.Errorf("the password alone gives a cookie: %s", cookie)
		}
		if asked := first.Header.Get("WWW-Authenticate"); asked != "Bearer" {
			t.Errorf("WWW-Authenticate: %s", asked)
		}
		until, err := time.Parse(time.RFC3339, first.String("challenge_expires_at"))
		if left := until.Sub(p.Clock.Now()); err != nil || left <= 4*time.Minute || left > 5*time.Minute {
			t.Errorf("the challenge lives for %s: %v", left, err)
		}
		second := p.goOn(first.String("challenge"), p.admin.Code()).Expect(200)
		if cookie := second.Header.Get("Set-Cookie"); !strings.HasPrefix(cookie, "usher_refresh=") {
			t.Errorf("Set-Cookie: %s", cookie)
		}
		if second.Value("recovery_codes") != nil {
			t.Error("recovery codes are shown where nobody enrolled")
		}
		if claims := claimsIn(t, second.String("access_token")); !slices.Equal(claims.AMR, []string{"pwd", "otp"}) {
			t.Errorf("%+v", claims)
		}
		want := []string{"challenged mfa_required password", "success  totp"}
		if diff := cmp.Diff(want, p.logged(t, p.admin)); diff != "" {
			t.Errorf("the sign-in log (-want +got):\n%s", diff)
		}
	})
}

func TestEachStepOfASignInIsRecorded(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		challenge := p.admin.Challenge()
		p.goOn(challenge, "000000").Refused(401, "wrong_code")
		p.goOn(challenge, p.admin.Code()).Expect(200)
		first, second := p.records(t, p.acme.ID, "auth.login"), p.records(t, p.acme.ID, "auth.login_otp")
		if len(first) != 1 || len(second) != 2 {
			t.Fatalf("%d and %d records", len(first), len(second))
		}
		root := trail.Ref{Type: "user", ID: p.admin.ID}
		for i, r := range []trail.Record{first[0], second[0]} {
			if r.Actor.Type != trail.Anonymous || !slices.Contains(r.Target, root) || r.Outcome.Reason != []string{"mfa_required", "wrong_code"}[i] {
				t.Errorf("%+v", r)
			}
		}
		if r := second[1]; r.Actor.ID != p.admin.ID || !slices.Equal(r.Actor.AMR, []string{"pwd", "otp"}) || r.Outcome.Result != trail.Success {
			t.Errorf("%+v", r)
		}
	})
}

// Whoever does not know the password must not learn who has a second factor.
func TestAWrongPasswordDoesNotTellWhoHasASecondFactor(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		answers := map[string]string{}
		for _, name := range []string{"root", "ann", "nobody"} {
			a := p.signIn("acme", name, "not the right one").Refused(401, "bad_credentials")
			answers[name] = string(bytes.ReplaceAll(a.Body, []byte(a.Header.Get("X-Request-Id")), nil))
		}
		if answers["root"] != answers["ann"] || answers["root"] != answers["nobody"] {
			t.Errorf("%v", answers)
		}
	})
}

func TestAChallengeIsGoodOnce(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		challenge := p.admin.Challenge()
		p.goOn(challenge, p.admin.Code()).Expect(200)
		p.goOn(challenge, p.admin.Code()).Refused(401, "bad_challenge")
		p.Client().Do("POST", "/v1/auth/login/enrol", map[string]any{"challenge": challenge}).Refused(401, "bad_challenge")
	})
}

// Fifty who present one challenge with its code, and fifty who present one code with a challenge each:
// one of them gets a session.
func TestOfManyWhoGoOnAtOnceOneIsSignedIn(t *testing.T) {
	for name, different := range map[string]int{"one challenge": 1, "one code": 50} {
		t.Run(name, func(t *testing.T) {
			eachProgram(t, func(t *testing.T, p *program) {
				challenges := make([]string, different)
				for i := range challenges {
					challenges[i] = p.admin.Challenge()
				}
				code, outcomes := p.admin.Code(), make(chan string, 50)
				var all sync.WaitGroup
				for i := range cap(outcomes) {
					all.Go(func() {
						body := `{"challenge":"` + challenges[i%different] + `","code":"` + code + `"}`
						outcomes <- outcomeOf(p.post("/v1/auth/login/otp", body, office))
					})
				}
				all.Wait()
				close(outcomes)
				in := 0
				for outcome := range outcomes {
					switch outcome {
					case "":
						in++
					case "bad_challenge", "wrong_code", "slow_down":
					default:
						t.Error(outcome)
					}
				}
				if made := len(p.sessionsOf(t, p.admin)); in != 1 || made != 1 {
					t.Errorf("%d were let in, %d sessions", in, made)
				}
			})
		})
	}
}

func (p *program) sessionsOf(t *testing.T, u *servertest.User) []string {
	t.Helper()
	return p.texts(t, p.acme.ID, `SELECT s.id FROM sessions s WHERE s.tenant_id = $1 AND s.user_id = $2`, u.ID)
}

// outcomeOf is the code of a refusal, "" for none.
func outcomeOf(r *http.Response) string {
	var problem struct{ Code string }
	if err := json.NewDecoder(r.Body).Decode(&problem); err != nil {
		return err.Error()
	}
	return problem.Code
}

// Whatever happens between the two steps that would have ended a session ends the sign-in too, and all
// are answered alike. The sign-in log knows more.
func TestWhatEndsASignInThatIsUnderWay(t *testing.T) {
	for name, end := range map[string]func(t *testing.T, p *program, u *servertest.User){
		"five minutes": func(_ *testing.T, p *program, _ *servertest.User) { p.Clock.Advance(5 * time.Minute) },
		"another password": func(_ *testing.T, _ *program, u *servertest.User) {
			u.SignIn().Do("POST", "/v1/auth/password", passwords(servertest.Password, nextPassword)).Expect(200)
		},
		"a password link": func(_ *testing.T, p *program, u *servertest.User) {
			link := p.admin.SignIn().Do("POST", "/v1/users/"+u.ID+"/password-link", nil).Expect(201).String("link")
			p.Client().Do("POST", "/v1/auth/links/redeem", map[string]any{"link": link, "password": nextPassword}).Expect(200)
		},
		"a reset of the factor": func(_ *testing.T, p *program, u *servertest.User) {
			p.admin.SignIn().Do("POST", "/v1/users/"+u.ID+"/second-factor/reset", nil).Expect(200)
			u.Enrol() // with another one, whose code is right
		},
		"an administrator ends the sessions": func(_ *testing.T, p *program, u *servertest.User) {
			p.admin.SignIn().Do("DELETE", "/v1/users/"+u.ID+"/sessions", nil).Expect(204)
		},
		"the user signs out everywhere else": func(_ *testing.T, _ *program, u *servertest.User) {
			u.SignIn().Do("DELETE", "/v1/me/sessions", nil).Expect(204)
		},
		"the user is disabled": func(_ *testing.T, p *program, u *servertest.User) {
			p.admin.SignIn().Do("POST", "/v1/users/"+u.ID+"/disable", nil).Expect(200)
		},
		"the user is disabled elsewhere": func(t *testing.T, p *program, u *servertest.User) { p.disable(t, u) },
		"the tenant is suspended":        func(t *testing.T, p *program, _ *servertest.User) { p.suspend(t) },
		"the tenant takes no passwords": func(t *testing.T, p *program, _ *servertest.User) {
			p.set(t, p.acme.ID, `UPDATE tenants SET local_password = 'disabled' WHERE tenant_id = $1`)
		},
		"the tenant's epoch": func(t *testing.T, p *program, _ *servertest.User) {
			p.set(t, p.acme.ID, `UPDATE tenants SET epoch = epoch + 1 WHERE tenant_id = $1`)
		},
		"the user's epoch": func(t *testing.T, p *program, u *servertest.User) {
			p.set(t, p.acme.ID, `UPDATE users SET epoch = epoch + 1 WHERE tenant_id = $1 AND id = $2`, u.ID)
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachProgram(t, func(t *testing.T, p *program) {
				eve := p.acme.NewUser("eve", nil, "auditor")
				challenge := eve.Challenge()
				end(t, p, eve)
				before := len(p.sessionsOf(t, eve))
				refused := p.goOn(challenge, eve.Code()).Refused(401, "bad_challenge")
				p.Client().Do("POST", "/v1/auth/login/enrol", map[string]any{"challenge": challenge}).Refused(401, "bad_challenge")
				if refused.String("detail") != "" || len(p.sessionsOf(t, eve)) != before {
					t.Errorf("%d sessions, not %d: %s", len(p.sessionsOf(t, eve)), before, refused.Body)
				}
			})
		})
	}
}

func TestChallengesThatAreNoneAreRefusedAlike(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		good := p.admin.Challenge()
		part := strings.Split(good, ".")
		other := p.NewTenant("other", "it-desk")
		for _, made := range []string{
			"x", "a.b.c", good + "A", strings.ToUpper(good), " " + good, strings.Repeat("a", 512),
			part[0] + "." + part[1] + "." + strings.Repeat("A", 43),
			other.ID + "." + part[1] + "." + part[2],
			"platform." + part[1] + "." + part[2],
			part[0] + "." + other.ID + "." + part[2],
		} {
			p.goOn(made, p.admin.Code()).Refused(401, "bad_challenge")
			p.Client().Do("POST", "/v1/auth/login/enrol", map[string]any{"challenge": made}).Refused(401, "bad_challenge")
		}
		p.goOn(good, p.admin.Code()).Expect(200) // nobody has used it up
	})
}

// A database that cannot be asked says nothing about a challenge.
func TestAChallengeSurvivesAnOutage(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		challenge, code := p.admin.Challenge(), p.admin.Code()
		gone, leave := context.WithCancel(t.Context())
		leave()
		for _, path := range []string{"/v1/auth/login/otp", "/v1/auth/login/enrol"} {
			body := `{"challenge":"` + challenge + `"}`
			if path == "/v1/auth/login/otp" {
				body = `{"challenge":"` + challenge + `","code":"` + code + `"}`
			}
			r := httptest.NewRequestWithContext(gone, "POST", path, strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			p.ServeHTTP(w, r)
			if got := outcomeOf(w.Result()); got != "caller_gone" {
				t.Errorf("%s: %s", path, got)
			}
		}
		p.goOn(challenge, code).Expect(200)
	})
}

func TestTheCodeOfSomebodyElseIsRefused(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		eve := p.acme.NewUser("eve", nil, "auditor")
		challenge := p.admin.Challenge()
		p.goOn(challenge, eve.Code()).Refused(401, "wrong_code")
		p.goOn(eve.Challenge(), eve.Code()).Expect(200) // it was not used up either
		p.goOn(challenge, p.admin.Code()).Expect(200)
	})
}

// The counter belongs to the user and to no challenge, browser, node or network.
func TestWrongCodesSlowDown(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		try := func(code, address string) *http.Response {
			return p.post("/v1/auth/login/otp", `{"challenge":"`+p.admin.Challenge()+`","code":"`+code+`"}`, address)
		}
		right := func() string {
			p.admin.Code() // forgets which code was used
			code, err := identity.FactorCode(p.admin.Secret, clock.Now())
			if err != nil {
				t.Fatal(err)
			}
			return code
		}
		for range 4 {
			expect(t, try("wrong!", office), 401, "")
		}
		expect(t, try("aaaa-bbbb-cccc-dddd-eeee-ffff", office), 401, "") // a recovery code counts like any other
		expect(t, try(right(), abroad), 429, "1")
		p.node = startNode(t, p.DB.WithClock(clock.Now), p.URL) // a restart forgets nothing
		expect(t, try(right(), office), 429, "1")
		clock.Advance(time.Second)
		expect(t, try("wrong!", office), 401, "")
		expect(t, try(right(), office), 429, "2")
		clock.Advance(2 * time.Second)
		expect(t, try(right(), office), 200, "")
		for range 5 { // a success has forgiven all
			expect(t, try("wrong!", office), 401, "")
		}
		want := []string{"failure wrong_code totp", "failure wrong_code recovery_code", "failure slow_down totp", "success  totp"}
		log := p.logged(t, p.admin)
		for _, line := range want {
			if !slices.Contains(log, line) {
				t.Errorf("no line %q in %q", line, log)
			}
		}
	})
}
