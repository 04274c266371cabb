package session_test

import (
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/session"
)

func TestTheOldestSessionGivesWay(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		oldest, next := p.ann.SignIn(), p.ann.SignIn()
		p.Clock.Advance(time.Minute)
		oldest.Do("POST", "/v1/auth/refresh", nil).Expect(200) // now the other one is
		for range 48 {
			p.ann.SignIn()
		}
		next.Do("GET", "/v1/me", nil).Expect(200)
		last := p.ann.SignIn()
		next.Do("GET", "/v1/me", nil).Refused(401, "session_ended")
		oldest.Do("GET", "/v1/me", nil).Expect(200)
		last.Do("GET", "/v1/me", nil).Expect(200)
		if n := len(p.texts(t, p.acme.ID, `SELECT s.id FROM sessions s WHERE s.tenant_id = $1 AND s.ended_at IS NULL`)); n != 50 {
			t.Errorf("there are %d sessions", n)
		}
	})
}

func TestSessionsThatEndedLongAgoAreNotKept(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		p.ann.SignIn()
		p.Clock.Advance(session.RefreshLife + session.SessionLife + time.Minute)
		p.ann.SignIn()
		if n := len(p.texts(t, p.acme.ID, `SELECT s.id FROM sessions s WHERE s.tenant_id = $1`)); n != 1 {
			t.Errorf("%d sessions are kept", n)
		}
	})
}
