package session_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/trail"
)

// risky is an operation of high risk that may be done again and again.
func risky(c *servertest.Client) *servertest.Answer {
	return c.Do("POST", "/v1/roles/agent/deactivate", nil)
}

// needsStepUp fails the test unless the answer is that of RFC 9470, section 3.
func needsStepUp(t *testing.T, a *servertest.Answer) {
	t.Helper()
	a.Refused(401, "step_up_required")
	want := `Bearer error="insufficient_user_authentication", max_age=600`
	if got := a.Header.Get("WWW-Authenticate"); got != want {
		t.Errorf("WWW-Authenticate: %s, want %s", got, want)
	}
}

func TestHighRiskNeedsAFreshSecondFactor(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		c := p.admin.SignIn()
		risky(c).Expect(200)
		p.Clock.Advance(8 * time.Minute)
		risky(c).Expect(200)
		p.Clock.Advance(2 * time.Minute)
		needsStepUp(t, risky(c))
		c.Do("GET", "/v1/roles", nil).Expect(200) // anything else goes on

		old := c.Token
		answer := c.Do("POST", "/v1/auth/step-up", map[string]any{"code": p.admin.Code()}).Expect(200)
		if cookie := answer.Header.Get("Set-Cookie"); cookie != "" {
			t.Errorf("the cookie is another one: %s", cookie)
		}
		c.Token = answer.String("access_token")
		risky(c).Expect(200)
		was, is := claimsIn(t, old), claimsIn(t, c.Token)
		if !slices.Equal(is.AMR, []string{"pwd", "otp"}) || is.AuthTime-was.AuthTime < 600 {
			t.Errorf("%+v, then %+v", was, is)
		}

		p.Clock.Advance(10 * time.Minute)
		needsStepUp(t, risky(c))
		var stepUps []trail.StepUp
		for _, r := range p.records(t, p.acme.ID, "role.deactivate") {
			stepUps = append(stepUps, r.Action.StepUp)
		}
		if want := []trail.StepUp{"fresh", "fresh", "none", "fresh", "none"}; !slices.Equal(stepUps, want) {
			t.Errorf("the records say %v, want %v", stepUps, want)
		}
	})
}

// Only a code of the second factor makes a session fresh.
func TestNeitherPasswordNorRefreshIsAStepUp(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		c := p.admin.SignIn()
		shown := claimsIn(t, c.Token).AuthTime
		p.Clock.Advance(10 * time.Minute)
		for name, renewed := range map[string]func() *servertest.Answer{
			"refresh": func() *servertest.Answer { return c.Do("POST", "/v1/auth/refresh", nil) },
			"password": func() *servertest.Answer {
				return c.Do("POST", "/v1/auth/password", passwords(servertest.Password, nextPassword))
			},
		} {
			c.Token = renewed().Expect(200).String("access_token")
			needsStepUp(t, risky(c))
			if is := claimsIn(t, c.Token); is.AuthTime != shown || !slices.Equal(is.AMR, []string{"pwd", "otp"}) {
				t.Errorf("%s: %+v", name, is)
			}
		}
		c.StepUp()
		c.Token = c.Do("POST", "/v1/auth/refresh", nil).Expect(200).String("access_token")
		risky(c).Expect(200) // what was shown stays shown
	})
}

func TestARecoveryCodeStepsUpOnce(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		eve := p.acme.NewUserWithoutFactor("eve", nil, "admin")
		challenge := eve.Challenge()
		eve.Secret = p.showEnrolment(t, challenge)
		c := p.Client()
		in := c.Do("POST", "/v1/auth/login/otp", map[string]any{"challenge": challenge, "code": p.codeOf(t, eve.Secret)}).Expect(200)
		c.Token = in.String("access_token")
		code := in.Value("recovery_codes").([]any)[0].(string)
		p.Clock.Advance(10 * time.Minute)
		needsStepUp(t, risky(c))
		c.Token = c.Do("POST", "/v1/auth/step-up", map[string]any{"code": code}).Expect(200).String("access_token")
		risky(c).Expect(200)
		c.Do("POST", "/v1/auth/step-up", map[string]any{"code": code}).Refused(401, "wrong_code")
	})
}

// A wrong code says nothing against the token: whoever renews it is no better off.
func TestAWrongCodeDoesNotStepUp(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		p.Clock.Stop()
		c := p.admin.SignIn()
		p.Clock.Advance(10 * time.Minute)
		for range 5 {
			p.Clock.Advance(time.Millisecond) // records of one moment have no order
			refused := c.Do("POST", "/v1/auth/step-up", map[string]any{"code": "000 000"}).Refused(401, "wrong_code")
			if got := refused.Header.Get("WWW-Authenticate"); got != `Bearer error="insufficient_user_authentication"` {
				t.Errorf("WWW-Authenticate: %s", got)
			}
		}
		p.Clock.Advance(time.Millisecond)
		code := p.admin.Code()
		c.Do("POST", "/v1/auth/step-up", map[string]any{"code": code}).Refused(429, "slow_down")
		again := map[string]any{"challenge": p.admin.Challenge(), "code": code}
		c.Do("POST", "/v1/auth/login/otp", again).Refused(429, "slow_down") // the same counter: that of the browser
		needsStepUp(t, risky(c))
		c.Do("GET", "/v1/me", nil).Expect(200)
		records := p.records(t, p.acme.ID, "auth.step_up")
		if len(records) != 6 || records[0].Actor.ID != p.admin.ID || records[0].Outcome.Reason != "wrong_code" || records[5].Outcome.Reason != "slow_down" {
			t.Errorf("%+v", records)
		}
	})
}

func TestOfManyWhoStepUpWithOneCodeOneDoes(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		token, code := p.admin.SignIn().Token, p.admin.Code()
		outcomes := make(chan string, 50)
		var all sync.WaitGroup
		for range cap(outcomes) {
			all.Go(func() {
				outcomes <- outcomeOf(p.post("/v1/auth/step-up", `{"code":"`+code+`"}`, office, "Authorization", "Bearer "+token))
			})
		}
		all.Wait()
		close(outcomes)
		stepped := 0
		for outcome := range outcomes {
			switch outcome {
			case "":
				stepped++
			case "wrong_code", "slow_down":
			default:
				t.Error(outcome)
			}
		}
		if stepped != 1 {
			t.Errorf("%d stepped up", stepped)
		}
	})
}

func TestWhoHasNoSecondFactorIsSentToEnrol(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		c := p.ann.SignIn()
		c.Do("POST", "/v1/auth/step-up", map[string]any{"code": "123456"}).Refused(401, "mfa_enrolment_required")
		if lines := p.texts(t, p.acme.ID, `SELECT f.user_id FROM factor_failures f WHERE f.tenant_id = $1`); len(lines) != 0 {
			t.Error("a try was counted that nobody could make")
		}
	})
}

// The session may end while the code is on its way.
func TestStepUpRevivesNoSession(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		c := p.admin.SignIn()
		c.Do("GET", "/v1/me", nil).Expect(200) // the node remembers the session
		p.unheard(t, p.acme.ID, `UPDATE sessions SET ended_at = $3, end_reason = 'elsewhere' WHERE tenant_id = $1 AND user_id = $2`,
			p.admin.ID, p.Clock.Now().UnixMicro())
		refused := c.Do("POST", "/v1/auth/step-up", map[string]any{"code": p.admin.Code()}).Refused(401, "session_ended")
		if strings.Contains(string(refused.Body), "access_token") {
			t.Errorf("%s", refused.Body)
		}
	})
}
