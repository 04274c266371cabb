package realtime_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/realtime"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/trail"
)

// revocation ends the session that a user's client has.
type revocation func(t *testing.T, p *program, u *servertest.User, c *servertest.Client)

var revocations = map[string]revocation{
	"signed out": func(_ *testing.T, _ *program, _ *servertest.User, c *servertest.Client) {
		c.Do("POST", "/v1/auth/logout", nil).Expect(204)
	},
	"ended by the user": func(_ *testing.T, _ *program, u *servertest.User, _ *servertest.Client) {
		u.SignIn().Do("DELETE", "/v1/me/sessions", nil).Expect(204)
	},
	"ended by an administrator": func(t *testing.T, p *program, u *servertest.User, c *servertest.Client) {
		id := c.Do("GET", "/v1/me/sessions", nil).Expect(200).Value("items").([]any)[0].(map[string]any)["id"].(string)
		p.admin.SignIn().Do("DELETE", "/v1/users/"+u.ID+"/sessions/"+id, nil).Expect(204)
	},
	"all ended by an administrator": func(_ *testing.T, p *program, u *servertest.User, _ *servertest.Client) {
		p.admin.SignIn().Do("DELETE", "/v1/users/"+u.ID+"/sessions", nil).Expect(204)
	},
	"disabled": func(_ *testing.T, p *program, u *servertest.User, _ *servertest.Client) {
		p.admin.SignIn().Do("POST", "/v1/users/"+u.ID+"/disable", nil).Expect(200)
	},
	"deleted": func(_ *testing.T, p *program, u *servertest.User, _ *servertest.Client) {
		p.admin.SignIn().Do("DELETE", "/v1/users/"+u.ID, nil, "If-Match", api.ETag(u.Version)).Expect(204)
	},
	"password changed elsewhere": func(t *testing.T, _ *program, u *servertest.User, _ *servertest.Client) {
		changePassword(t, u.SignIn())
	},
	"password link redeemed": func(_ *testing.T, p *program, u *servertest.User, _ *servertest.Client) {
		link := p.admin.SignIn().Do("POST", "/v1/users/"+u.ID+"/password-link", nil).Expect(201).String("link")
		p.Client().Do("POST", "/v1/auth/links/redeem", map[string]any{"link": link, "password": "another horse battery staple"})
	},
	"run out": func(_ *testing.T, p *program, _ *servertest.User, _ *servertest.Client) {
		p.Clock.Advance(8 * 24 * time.Hour)
	},
}

// eachRevocation runs f with a user of its own for each, and at last with one whose tenant is suspended.
func (p *program) eachRevocation(t *testing.T, f func(t *testing.T, u *servertest.User, revoke revocation)) {
	t.Helper()
	for name, revoke := range revocations {
		p.users++
		user := p.acme.NewUser(fmt.Sprint("user", p.users), nil, "agent")
		t.Run(name, func(t *testing.T) { f(t, user, revoke) })
	}
	t.Run("tenant suspended", func(t *testing.T) { f(t, p.ann, suspend) })
}

func suspend(t *testing.T, p *program, _ *servertest.User, _ *servertest.Client) {
	p.change(t, `UPDATE tenants SET status = 'suspended' WHERE tenant_id = $1`)
	p.Policy.Forget(p.acme.ID)
}

func TestConnectionsEndWithTheirSession(t *testing.T) {
	each(t, realtime.Limits{}, func(t *testing.T, p *program) {
		p.eachRevocation(t, func(t *testing.T, user *servertest.User, revoke revocation) {
			c := user.SignIn()
			byToken := p.connect(t, c)
			byTicket, _, err := p.handshake(t, offered(ticketOf(c)))
			if err != nil {
				t.Fatal(err)
			}
			alive(t, byToken)
			alive(t, byTicket)
			revoke(t, p, user, c)
			closed(t, byToken, 4403, "session_ended")
			closed(t, byTicket, 4403, "session_ended")
		})
	})
}

func TestEndOfASessionLeavesOtherConnectionsAlone(t *testing.T) {
	// Nobody asks but those who are told to.
	each(t, realtime.Limits{Recheck: time.Hour, Doubt: time.Hour}, func(t *testing.T, p *program) {
		gone, stays, other := p.ann.SignIn(), p.ann.SignIn(), p.admin.SignIn()
		first, second, third := p.connect(t, gone), p.connect(t, stays), p.connect(t, other)
		stays.Do("DELETE", "/v1/me/sessions", nil).Expect(204)
		closed(t, first, 4403, "session_ended")
		alive(t, second)
		alive(t, third)
		p.admin.SignIn().Do("DELETE", "/v1/users/"+p.ann.ID+"/sessions", nil).Expect(204)
		closed(t, second, 4403, "session_ended")
		alive(t, third)
		if got := p.ended(t, 2)[0].Outcome; got.Code != 4403 || got.Reason != "session_ended" || got.Result != trail.Failure {
			t.Errorf("%+v", got)
		}
	})
}

// The session counts and not the token, until the token is made void.
func TestConnectionOutlivesItsToken(t *testing.T) {
	each(t, realtime.Limits{}, func(t *testing.T, p *program) {
		c := p.ann.SignIn()
		conn, dated := p.connect(t, c), p.connect(t, c)
		p.Clock.Advance(3 * time.Hour)
		p.Realtime.Reconsider(p.acme.ID, "")
		c.Do("GET", "/v1/me", nil).Refused(401, "token_expired")
		alive(t, conn)
		c.Token = c.Do("POST", "/v1/auth/refresh", nil).Expect(200).String("access_token")
		fresh := p.connect(t, c)
		changePassword(t, c)
		closed(t, dated, 4403, "session_ended")
		closed(t, fresh, 4403, "session_ended")
		alive(t, p.connect(t, c))
	})
}

// Whoever comes to owe a second factor can do nothing but get one.
func TestConnectionsEndWhenASecondFactorIsDemanded(t *testing.T) {
	each(t, realtime.Limits{}, func(t *testing.T, p *program) {
		bob := p.acme.NewUserWithoutFactor("bob", nil, "user")
		c, admin := bob.SignIn(), p.admin.SignIn()
		conn, enrolled, ticket := p.connect(t, c), p.connect(t, admin), ticketOf(c)
		settings := admin.Do("GET", "/v1/settings", nil).Expect(200)
		admin.Do("PATCH", "/v1/settings", map[string]any{"require_second_factor": true}, "If-Match", settings.ETag()).Expect(200)
		closed(t, conn, 4403, "mfa_enrolment_required")
		c.Do("POST", "/v1/realtime/tickets", nil).Refused(401, "mfa_enrolment_required")
		p.refused(t, 401, "mfa_enrolment_required", offered(ticket))
		p.refused(t, 401, "mfa_enrolment_required", nil, "Authorization", "Bearer "+c.Token)
		alive(t, enrolled)
	})
}
