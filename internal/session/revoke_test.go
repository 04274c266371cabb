package session_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/trail"
)

// over fails the test unless a client's session has ended, for access and refresh tokens.
func over(t *testing.T, c *servertest.Client) {
	t.Helper()
	c.Do("GET", "/v1/me", nil).Refused(401, "session_ended")
	c.Do("POST", "/v1/auth/refresh", nil).Refused(401, "invalid_refresh")
}

func TestOneOfOnesOwnSessionsIsEnded(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		c, lost, other := p.ann.SignIn(), p.ann.SignIn(), p.ann.SignIn()
		id := sessionOf(t, lost)
		for range 2 { // again is no error, and changes nothing
			c.Do("DELETE", "/v1/me/sessions/"+id, nil).Expect(204)
			over(t, lost)
		}
		c.Do("GET", "/v1/me", nil).Expect(200)
		other.Do("GET", "/v1/me", nil).Expect(200)

		records := p.records(t, p.acme.ID, "session.revoke")
		if len(records) != 2 || records[0].Actor.ID != p.ann.ID || !slices.Contains(records[0].Target, trail.Ref{Type: "session", ID: id}) ||
			!slices.Contains(records[0].Target, trail.Ref{Type: "user", ID: p.ann.ID}) {
			t.Errorf("%+v", records)
		}
		c.Do("DELETE", "/v1/me/sessions/"+sessionOf(t, c), nil).Expect(204) // its own
		over(t, c)
	})
}

func TestSignOutEverywhereElse(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		c, lost, old, stranger := p.ann.SignIn(), p.ann.SignIn(), p.ann.SignIn(), p.admin.SignIn()
		ended := []string{sessionOf(t, lost), sessionOf(t, old)}
		for range 2 {
			c.Do("DELETE", "/v1/me/sessions", nil).Expect(204)
			c.Do("GET", "/v1/me", nil).Expect(200) // with the same token
		}
		c.Do("POST", "/v1/auth/refresh", nil).Expect(200)
		over(t, lost)
		over(t, old)
		stranger.Do("GET", "/v1/me", nil).Expect(200)

		records := p.records(t, p.acme.ID, "session.revoke")
		if len(records) != 2 || records[0].Outcome.N != 2 || records[1].Outcome.N != 0 {
			t.Fatalf("%+v", records)
		}
		for _, id := range ended {
			if !slices.Contains(records[0].Target, trail.Ref{Type: "session", ID: id}) {
				t.Errorf("%s is not in %+v", id, records[0].Target)
			}
		}
	})
}

func TestAdministratorsEndSessions(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		admin, lost, kept := p.admin.SignIn(), p.ann.SignIn(), p.ann.SignIn()
		path := "/v1/users/" + p.ann.ID + "/sessions"
		id := sessionOf(t, lost)
		for range 2 {
			admin.Do("DELETE", path+"/"+id, nil).Expect(204)
			over(t, lost)
		}
		kept.Do("GET", "/v1/me", nil).Expect(200)
		for range 2 {
			admin.Do("DELETE", path, nil).Expect(204)
			over(t, kept)
		}
		if page := sessionsAt(admin, path); len(page.Items) != 0 {
			t.Errorf("%+v", page)
		}
		admin.Do("GET", "/v1/me", nil).Expect(200)
		p.ann.SignIn().Do("GET", "/v1/me", nil).Expect(200) // it is no disabling
		for _, r := range p.records(t, p.acme.ID, "session.revoke") {
			if r.Actor.ID != p.admin.ID || !slices.Contains(r.Target, trail.Ref{Type: "user", ID: p.ann.ID}) {
				t.Errorf("%+v", r)
			}
		}
	})
}

func TestSessionsOfSomebodyStrongerAreOutOfReach(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		clerk := p.acme.NewUser("clerk", nil)
		p.set(t, p.acme.ID, `UPDATE users SET permission_list = $3 WHERE tenant_id = $1 AND id = $2`, clerk.ID,
			`["session:read:all","session:revoke:all"]`)
		c, admin := clerk.SignIn(), p.admin.SignIn()
		path := "/v1/users/" + p.admin.ID + "/sessions"
		c.Do("GET", path, nil).Expect(200)
		c.Do("DELETE", path, nil).Refused(403, "stronger_user")
		c.Do("DELETE", path+"/"+sessionOf(t, admin), nil).Refused(403, "stronger_user")
		admin.Do("GET", "/v1/me", nil).Expect(200)
		c.Do("DELETE", "/v1/users/"+clerk.ID+"/sessions", nil).Expect(204) // one's own are one's own
		over(t, c)
	})
}

// An id that is somebody else's is answered like one that never existed, and nothing ends.
func TestSessionsOfOthersCannotBeGuessed(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		foreign := p.NewTenant("other", "it-desk").NewUser("eve", nil, "admin").SignIn()
		c, admin, bob := p.ann.SignIn(), p.admin.SignIn(), p.acme.NewUser("bob", nil).SignIn()
		const never = "01890000-0000-7000-8000-000000000000"
		answers := map[string]bool{}
		for _, id := range []string{never, sessionOf(t, foreign), sessionOf(t, bob)} {
			for by, path := range map[*servertest.Client]string{c: "/v1/me/sessions/", admin: "/v1/users/" + p.ann.ID + "/sessions/"} {
				a := by.Do("DELETE", path+id, nil).Refused(404, "not_found")
				answers[strings.ReplaceAll(string(a.Body), a.Header.Get("X-Request-Id"), "")] = true
			}
		}
		if len(answers) != 1 {
			t.Errorf("%d different answers: %v", len(answers), answers)
		}
		foreign.Do("GET", "/v1/me", nil).Expect(200)
		bob.Do("GET", "/v1/me", nil).Expect(200)
	})
}
