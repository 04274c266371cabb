package session_test

import (
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

const nextPassword = "a quite different sentence 94"

func passwords(current, next string) map[string]any {
	return map[string]any{"current": current, "new": next}
}

func TestChangedPasswordEndsOtherSessions(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		c, other := p.ann.SignIn(), p.ann.SignIn()
		other.Do("GET", "/v1/me", nil).Expect(200)
		a := c.Do("POST", "/v1/auth/password", passwords(servertest.Password, nextPassword)).Expect(200)

		other.Do("GET", "/v1/me", nil).Refused(401, "session_ended")
		other.Do("POST", "/v1/auth/refresh", nil).Refused(401, "invalid_refresh")
		c.Do("GET", "/v1/me", nil).Refused(401, "session_ended") // the token from before
		c.Token = a.String("access_token")
		c.Do("GET", "/v1/me", nil).Expect(200)
		c.Do("POST", "/v1/auth/refresh", nil).Expect(200)

		p.signIn("acme", "ann", servertest.Password).Refused(401, "bad_credentials")
		p.signIn("acme", "ann", nextPassword).Expect(200)
	})
}

func TestChangedPasswordIsRecordedByNameAlone(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		p.ann.SignIn().Do("POST", "/v1/auth/password", passwords(servertest.Password, nextPassword)).Expect(200)
		records := p.records(t, p.acme.ID, "auth.password")
		if len(records) != 1 || records[0].Actor.ID != p.ann.ID {
			t.Fatalf("%+v", records)
		}
		for change := range records[0].Change.All() {
			if change.Field != "password" || change.Old != nil || change.New != nil || change.OldCommitted != "" || change.NewCommitted != "" {
				t.Errorf("%+v", change)
			}
		}
	})
}

func TestPasswordIsNotChangedWithoutThePresentOne(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		p.Clock.Stop()
		c := p.ann.SignIn()
		for range 5 {
			c.Do("POST", "/v1/auth/password", passwords("not the right one", nextPassword)).Refused(422, "wrong_password")
		}
		c.Do("POST", "/v1/auth/password", passwords(servertest.Password, nextPassword)).Refused(429, "slow_down")
		again := map[string]any{"username": "ann", "password": servertest.Password}
		c.Do("POST", "/v1/auth/login", again).Refused(429, "slow_down") // the same counter: that of the browser
		p.signIn("acme", "ann", servertest.Password).Expect(200)
		if marks := marksAt(c, "/v1/me/sign-ins?burst=true"); marks != "b" {
			t.Errorf("the burst is marked %q", marks)
		}
		c.Do("GET", "/v1/me", nil).Expect(200)
	})
}

func TestWeakPasswordsAreNotTaken(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		c := p.ann.SignIn()
		for _, weak := range []string{"short", "aaaaaaaaaaaaaaaa", "acme is where I work 17"} {
			c.Do("POST", "/v1/auth/password", passwords(servertest.Password, weak)).Refused(422, "weak_password")
		}
		c.Do("GET", "/v1/me", nil).Expect(200)
		p.signIn("acme", "ann", servertest.Password).Expect(200)
	})
}
