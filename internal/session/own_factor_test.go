package session_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// eachOwner runs f with somebody of whom no second factor is demanded, and who has none.
func eachOwner(t *testing.T, f func(t *testing.T, p *program, lin *servertest.User)) {
	t.Helper()
	eachProgram(t, func(t *testing.T, p *program) { f(t, p, p.acme.NewUserWithoutFactor("lin", nil, "user")) })
}

const ownFactor = "/v1/me/second-factor"

func beginOwn(c *servertest.Client, password string) *servertest.Answer {
	return c.Do("POST", ownFactor+"/enrol", map[string]any{"password": password})
}

func confirmOwn(c *servertest.Client, code string) *servertest.Answer {
	return c.Do("POST", ownFactor+"/confirm", map[string]any{"code": code})
}

// enrolOwn enrols the client's user as they would themselves, and goes on with the fresh token.
func (p *program) enrolOwn(t *testing.T, c *servertest.Client) *servertest.Answer {
	t.Helper()
	c.User.Secret = beginOwn(c, servertest.Password).Expect(200).String("secret")
	a := confirmOwn(c, p.present(t, c.User.Secret)).Expect(200)
	c.Token = a.String("access_token")
	return a
}

// present is what an authenticator shows now.
func (p *program) present(t *testing.T, secret string) string {
	t.Helper()
	code, err := identity.FactorCode(secret, p.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// expectFactor compares what the user is told about their second factor.
func expectFactor(t *testing.T, c *servertest.Client, enrolled, required bool, recoveryCodes int) {
	t.Helper()
	a := c.Do("GET", ownFactor, nil).Expect(200)
	if a.Value("enrolled") != enrolled || a.Value("required") != required || a.Value("recovery_codes_left") != float64(recoveryCodes) ||
		(a.Value("enrolled_at") != nil) != enrolled {
		t.Errorf("told %s; want %t, %t, %d", a.Body, enrolled, required, recoveryCodes)
	}
}

func TestPeopleEnrolASecondFactor(t *testing.T) {
	eachOwner(t, func(t *testing.T, p *program, lin *servertest.User) {
		c, other := lin.SignIn(), lin.SignIn()
		expectFactor(t, c, false, false, 0)
		shown := beginOwn(c, servertest.Password).Expect(200)
		secret, picture := shown.String("secret"), shown.String("png")
		if raw, err := base64.StdEncoding.DecodeString(picture); err != nil || !strings.HasPrefix(string(raw), "\x89PNG\r\n") {
			t.Errorf("the PNG is %.20q, %v", picture, err)
		}
		if !strings.HasPrefix(shown.String("svg"), "<svg ") || !strings.Contains(shown.String("url"), secret) || shown.String("expires_at") == "" {
			t.Errorf("shown %s", shown.Body)
		}
		expectFactor(t, c, false, false, 0)
		confirmOwn(c, "nonsense").Refused(401, "wrong_code")
		before := *c
		a := confirmOwn(c, p.present(t, secret)).Expect(200)
		if codes, _ := a.Value("recovery_codes").([]any); len(codes) != 10 || a.Value("user", "second_factor") != true {
			t.Errorf("answered %s", a.Body)
		}
		other.Do("GET", "/v1/me", nil).Refused(401, "session_ended")
		other.Do("POST", "/v1/auth/refresh", nil).Refused(401, "invalid_refresh")
		before.Do("GET", "/v1/me", nil).Refused(401, "session_ended") // the token from before
		c.Token = a.String("access_token")
		expectFactor(t, c, true, false, 10)
		c.Do("POST", "/v1/auth/refresh", nil).Expect(200)
		lin.Secret = secret
		lin.SignIn().Do("GET", "/v1/me", nil).Expect(200)
		confirmOwn(c, p.present(t, secret)).Refused(409, "no_enrolment")
	})
}

// Whoever finds an open session gets no second factor of theirs into it by trying passwords.
func TestEnrollingNeedsThePassword(t *testing.T) {
	eachOwner(t, func(t *testing.T, p *program, lin *servertest.User) {
		p.Clock.Stop()
		c := lin.SignIn()
		for range 5 {
			beginOwn(c, "not the right one").Refused(422, "wrong_password")
		}
		beginOwn(c, servertest.Password).Refused(429, "slow_down")
		again := map[string]any{"tenant": "acme", "username": "lin", "password": servertest.Password}
		c.Do("POST", "/v1/auth/login", again).Refused(429, "slow_down") // the same counter: that of the browser
		expectFactor(t, c, false, false, 0)
	})
}

func TestAnotherSecondFactorNeedsTheOneInForce(t *testing.T) {
	eachOwner(t, func(t *testing.T, p *program, lin *servertest.User) {
		c := lin.SignIn()
		p.enrolOwn(t, c)
		p.Clock.Advance(11 * time.Minute)
		beginOwn(c, servertest.Password).Refused(401, "step_up_required")
		c.StepUp()
		old := *lin
		p.enrolOwn(t, c)
		expectFactor(t, c, true, false, 10)
		finish := func(u *servertest.User) *servertest.Answer {
			return p.Client().Do("POST", "/v1/auth/login/otp", map[string]any{"challenge": u.Challenge(), "code": u.Code()})
		}
		finish(&old).Refused(401, "wrong_code")
		finish(lin).Expect(200)
	})
}

func TestASecondFactorThatNobodyDemandsIsRemoved(t *testing.T) {
	eachOwner(t, func(t *testing.T, p *program, lin *servertest.User) {
		c := lin.SignIn()
		c.Do("POST", ownFactor+"/remove", nil).Refused(401, "mfa_enrolment_required")
		c.Do("POST", ownFactor+"/recovery-codes", nil).Refused(401, "mfa_enrolment_required")
		p.enrolOwn(t, c)
		other := lin.SignIn()
		p.Clock.Advance(11 * time.Minute)
		c.Do("POST", ownFactor+"/remove", nil).Refused(401, "step_up_required")
		c.StepUp()
		a := c.Do("POST", ownFactor+"/remove", nil).Expect(200)
		if a.Value("user", "second_factor") != false {
			t.Errorf("answered %s", a.Body)
		}
		other.Do("GET", "/v1/me", nil).Refused(401, "session_ended")
		c.Token = a.String("access_token")
		expectFactor(t, c, false, false, 0)
		c.Do("POST", "/v1/auth/refresh", nil).Expect(200)
		p.signIn("acme", "lin", servertest.Password).Expect(200)
	})
}

func TestASecondFactorThatIsDemandedStays(t *testing.T) {
	eachOwner(t, func(t *testing.T, p *program, lin *servertest.User) {
		admin := p.admin.SignIn()
		admin.Do("POST", ownFactor+"/remove", nil).Refused(409, "second_factor_demanded") // by the role

		c := lin.SignIn()
		etag := admin.Do("GET", "/v1/settings", nil).Expect(200).ETag()
		admin.Do("PATCH", "/v1/settings", `{"require_second_factor":true}`, "If-Match", etag).Expect(200)
		c.Do("GET", "/v1/me", nil).Refused(401, "mfa_enrolment_required")
		expectFactor(t, c, false, true, 0)
		p.enrolOwn(t, c)
		c.Do("GET", "/v1/me", nil).Expect(200)
		c.Do("POST", ownFactor+"/remove", nil).Refused(409, "second_factor_demanded") // by the tenant
		expectFactor(t, c, true, true, 10)
	})
}

func TestNewRecoveryCodesComeWithAFreshSecondFactor(t *testing.T) {
	eachOwner(t, func(t *testing.T, p *program, lin *servertest.User) {
		c := lin.SignIn()
		first := recoveryCodes(p.enrolOwn(t, c))
		second := recoveryCodes(c.Do("POST", ownFactor+"/recovery-codes", nil).Expect(200))
		if len(second) != 10 || first[0] == second[0] {
			t.Errorf("%v, then %v", first, second)
		}
		use := func(code string) *servertest.Answer {
			return c.Do("POST", "/v1/auth/step-up", map[string]any{"code": code})
		}
		use(first[0]).Refused(401, "wrong_code")
		c.Token = use(second[0]).Expect(200).String("access_token")
		use(second[0]).Refused(401, "wrong_code")
		expectFactor(t, c, true, false, 9)
		p.Clock.Advance(11 * time.Minute)
		c.Do("POST", ownFactor+"/recovery-codes", nil).Refused(401, "step_up_required")
	})
}

func recoveryCodes(a *servertest.Answer) (codes []string) {
	for _, code := range a.Value("recovery_codes").([]any) {
		codes = append(codes, code.(string))
	}
	return codes
}

// Whatever a code is asked for, wrong ones are counted together.
func TestWrongCodesAreCountedAtEveryDoor(t *testing.T) {
	eachOwner(t, func(t *testing.T, p *program, lin *servertest.User) {
		p.Clock.Stop()
		c := lin.SignIn()
		p.enrolOwn(t, c)
		secret := beginOwn(c, servertest.Password).Expect(200).String("secret")
		for range 3 {
			confirmOwn(c, "nonsense").Refused(401, "wrong_code")
		}
		for range 2 {
			c.Do("POST", "/v1/auth/step-up", map[string]any{"code": "nonsense"}).Refused(401, "wrong_code")
		}
		confirmOwn(c, p.present(t, secret)).Refused(429, "slow_down")
		c.Do("POST", "/v1/auth/step-up", map[string]any{"code": lin.Code()}).Refused(429, "slow_down")
		p.Clock.Advance(time.Second)
		confirmOwn(c, p.present(t, secret)).Expect(200)
	})
}

func TestOtherSitesChangeNoSecondFactor(t *testing.T) {
	eachOwner(t, func(t *testing.T, p *program, lin *servertest.User) {
		c := lin.SignIn()
		p.enrolOwn(t, c)
		for _, path := range []string{ownFactor + "/confirm", ownFactor + "/remove"} {
			c.Do("POST", path, `{"code":"123456"}`, "Origin", "https://evil.example").Refused(403, "foreign_origin")
		}
	})
}

// Records say that a second factor is another one, and hold nothing of it.
func TestSecondFactorsAreRecordedByNameAlone(t *testing.T) {
	eachOwner(t, func(t *testing.T, p *program, lin *servertest.User) {
		c := lin.SignIn()
		first := recoveryCodes(p.enrolOwn(t, c))
		second := recoveryCodes(c.Do("POST", ownFactor+"/recovery-codes", nil).Expect(200))
		c.Do("POST", ownFactor+"/remove", nil).Expect(200)
		for event, changed := range map[string][]string{
			"second_factor.enrol": nil, "second_factor.confirm": {"second_factor"},
			"recovery_codes.create": {"recovery_codes"}, "second_factor.remove": {"second_factor"},
		} {
			records := p.records(t, p.acme.ID, event)
			if len(records) != 1 || records[0].Actor.ID != lin.ID || len(records[0].Target) != 1 || records[0].Target[0].ID != lin.ID {
				t.Fatalf("%s: %+v", event, records)
			}
			var names []string
			for change := range records[0].Change.All() {
				names = append(names, change.Field)
				if change.Old != nil || change.New != nil || change.OldCommitted != "" || change.NewCommitted != "" {
					t.Errorf("%s: %+v", event, change)
				}
			}
			if fmt.Sprint(names) != fmt.Sprint(changed) {
				t.Errorf("%s: %v", event, names)
			}
		}
		bodies := p.bodies(t, p.acme.ID)
		for _, secret := range append(append(first, second...), lin.Secret) {
			if strings.Contains(bodies, secret) {
				t.Errorf("the trail holds %q", secret)
			}
		}
	})
}

// bodies are the records of a tenant as they are stored.
func (p *program) bodies(t *testing.T, tenant string) (text string) {
	t.Helper()
	err := p.DB.Read(t.Context(), tenant, func(tx *store.Tx) error {
		all, err := store.Collect(t.Context(), tx, func(r store.Row) (body []byte, err error) {
			err = r.Scan(&body)
			return body, err
		}, `SELECT b.body FROM audit_bodies b WHERE b.tenant_id = $1`)
		text = string(bytes.Join(all, []byte("\n")))
		return err
	})
	if err != nil || text == "" {
		t.Fatalf("read %q, %v", text, err)
	}
	return text
}
