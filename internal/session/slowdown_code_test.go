package session_test

import (
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/session"
)

// Whoever knows a password and fails with codes does not hold back its owner's in a browser that is known; nor do the
// owner's right codes let them guess anew.
func TestCodesAreCountedApartInAKnownBrowser(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		p.Clock.Stop()
		c := p.admin.SignIn()
		p.Clock.Advance(10 * time.Minute)
		for range 5 {
			p.goOn(p.admin.Challenge(), "000000").Refused(401, "wrong_code")
		}
		p.goOn(p.admin.Challenge(), p.admin.Code()).Refused(429, "slow_down")
		c.Do("POST", "/v1/auth/step-up", map[string]any{"code": p.admin.Code()}).Expect(200)
		p.Clock.Advance(30 * time.Second)
		c.Do("POST", "/v1/auth/login/otp", map[string]any{"challenge": p.admin.Challenge(), "code": p.admin.Code()}).Expect(200)

		p.goOn(p.admin.Challenge(), "000000").Refused(401, "wrong_code")
		refused := p.goOn(p.admin.Challenge(), "000000").Refused(429, "slow_down")
		if got := refused.Header.Get("Retry-After"); got != "2" {
			t.Errorf("after the sixth failure the wait is %s", got)
		}
	})
}

// Failures in a known browser are its own too, and forgotten with the right code.
func TestAKnownBrowserForgetsItsWrongCodes(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		p.Clock.Stop()
		c := p.admin.SignIn()
		for range 2 {
			p.Clock.Advance(30 * time.Second)
			for range 4 {
				c.Do("POST", "/v1/auth/step-up", map[string]any{"code": "000000"}).Refused(401, "wrong_code")
			}
			c.Do("POST", "/v1/auth/step-up", map[string]any{"code": p.admin.Code()}).Expect(200)
		}
		p.Clock.Advance(30 * time.Second)
		p.goOn(p.admin.Challenge(), p.admin.Code()).Expect(200)
	})
}

// A burst of wrong codes is marked like one of wrong passwords, whether somebody signs in or has found an open session.
func TestBurstsOfWrongCodesAreMarked(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		c := p.admin.SignIn()
		for range 5 {
			p.goOn(p.admin.Challenge(), "000000").Refused(401, "wrong_code")
		}
		if marks := marksAt(c, "/v1/me/sign-ins?burst=true"); marks != "b" {
			t.Errorf("at the sign-in: %q", marks)
		}
		for range 5 {
			c.Do("POST", "/v1/auth/step-up", map[string]any{"code": "000000"}).Refused(401, "wrong_code")
		}
		if marks := marksAt(c, "/v1/me/sign-ins?burst=true"); marks != "bb" {
			t.Errorf("in a session: %q", marks)
		}
		if got, want := p.Sessions.Figures(), (session.Figures{Bursts: 2, NewDevices: 1}); got != want {
			t.Errorf("figures %+v", got)
		}
	})
}
