package session_test

import (
	"strings"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/session"
	"github.com/usher-desk/usher/internal/store"
)

// shutOut tries every way in, as somebody who had a session until just now.
func (p *program) shutOut(t *testing.T, token, cookie string) {
	t.Helper()
	expect(t, p.get("/v1/me", token), 401, "")
	expect(t, p.refresh(cookie), 401, "")
	expect(t, p.signInFrom(abroad, servertest.Password), 401, "")
}

func TestWhoeverIsShutOutIsRefusedAtTheNextRequest(t *testing.T) {
	for name, shut := range map[string]func(*testing.T, *program){
		"disabled":  func(t *testing.T, p *program) { p.disable(t, p.ann) },
		"suspended": func(t *testing.T, p *program) { p.suspend(t) },
		"deleted": func(t *testing.T, p *program) {
			p.set(t, p.acme.ID, `DELETE FROM users WHERE tenant_id = $1 AND id = $2`, p.ann.ID)
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachProgram(t, func(t *testing.T, p *program) {
				r := p.signInFrom(office, servertest.Password)
				expect(t, r, 200, "")
				cookie, token := cookieOf(t, r), accessTokenOf(t, r)
				expect(t, p.get("/v1/me", token), 200, "")
				shut(t, p)
				p.shutOut(t, token, cookie)
			})
		})
	}
}

func TestDisablingOverHTTPEndsSessions(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		admin, c := p.admin.SignIn(), p.ann.SignIn()
		c.Do("GET", "/v1/me", nil).Expect(200)
		admin.Do("POST", "/v1/users/"+p.ann.ID+"/disable", nil).Expect(200)
		c.Do("GET", "/v1/me", nil).Refused(401, "session_ended")
		admin.Do("POST", "/v1/users/"+p.ann.ID+"/enable", nil).Expect(200)
		c.Do("GET", "/v1/me", nil).Refused(401, "session_ended")
		c.Do("POST", "/v1/auth/refresh", nil).Refused(401, "invalid_refresh")
		p.ann.SignIn().Do("GET", "/v1/me", nil).Expect(200)
	})
}

// Ended sessions are remembered by nothing but the database.
func TestEndedSessionsStayEndedAfterARestart(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		ended, kept := p.ann.SignIn(), p.ann.SignIn()
		ended.Do("POST", "/v1/auth/logout", nil).Expect(204)
		p.node = startNode(t, p.DB, p.URL)
		expect(t, p.get("/v1/me", ended.Token), 401, "")
		expect(t, p.get("/v1/me", kept.Token), 200, "")
	})
}

func TestRaisedEpochsVoidTokens(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		c := p.ann.SignIn()
		for _, statement := range []string{
			`UPDATE users SET epoch = epoch + 1 WHERE tenant_id = $1`,
			`UPDATE tenants SET epoch = epoch + 1 WHERE tenant_id = $1`,
		} {
			p.set(t, p.acme.ID, statement)
			p.node = startNode(t, p.DB, p.URL)
			expect(t, p.get("/v1/me", c.Token), 401, "")
			c.Token = c.Do("POST", "/v1/auth/refresh", nil).Expect(200).String("access_token")
			expect(t, p.get("/v1/me", c.Token), 200, "")
		}
	})
}

func TestEndSessionsSparesOneAndVoidsEveryToken(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		first, second, stranger := p.ann.SignIn(), p.ann.SignIn(), p.admin.SignIn()
		for _, c := range []*servertest.Client{first, second, stranger} {
			c.Do("GET", "/v1/me", nil).Expect(200)
		}
		spared := p.texts(t, p.acme.ID, `SELECT s.id FROM sessions s WHERE s.tenant_id = $1 AND s.user_id = $2 ORDER BY s.id`, p.ann.ID)[0]
		err := p.DB.Write(t.Context(), p.acme.ID, func(tx *store.Tx) error {
			return p.Sessions.EndSessions(t.Context(), tx, p.ann.ID, spared, "test")
		})
		if err != nil {
			t.Fatal(err)
		}
		first.Do("GET", "/v1/me", nil).Refused(401, "session_ended")
		second.Do("GET", "/v1/me", nil).Refused(401, "session_ended")
		stranger.Do("GET", "/v1/me", nil).Expect(200)
		first.Do("POST", "/v1/auth/refresh", nil).Expect(200)
		second.Do("POST", "/v1/auth/refresh", nil).Refused(401, "invalid_refresh")
	})
}

func TestAccessTokensExpire(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		r := p.signInFrom(office, servertest.Password)
		token := accessTokenOf(t, r)
		clock.Advance(session.AccessTokenLife)
		expect(t, p.get("/v1/me", token), 200, "") // within the leeway of clocks
		clock.Advance(31 * time.Second)
		r = p.get("/v1/me", token)
		expect(t, r, 401, "")
		if got := r.Header.Get("WWW-Authenticate"); !strings.Contains(got, `error="invalid_token"`) {
			t.Errorf("WWW-Authenticate: %s", got)
		}
	})
}

// A token says who it is for; with the same session id in another's name it says nothing.
func TestTokensOfOtherKeysAndUsersAreRefused(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		c := p.ann.SignIn()
		part := strings.Split(c.Token, ".")
		foreign, err := session.NewSigningKey()
		if err != nil {
			t.Fatal(err)
		}
		sid := p.texts(t, p.acme.ID, `SELECT s.id FROM sessions s WHERE s.tenant_id = $1`)[0]
		now := p.DB.Now()
		forged := session.Claims{
			Issuer: p.URL, Audience: []string{"usher"}, Subject: p.ann.ID, TenantID: p.acme.ID, SessionID: sid, ID: "j",
			IssuedAt: now, ExpiresAt: now.Add(time.Hour), Epochs: &session.Epochs{Tenant: 1, User: 1},
		}
		foreignToken, err := foreign.Issue(forged)
		if err != nil {
			t.Fatal(err)
		}
		for _, token := range []string{"", "x", part[0] + "." + part[1] + ".", part[0] + "." + part[1] + "." + strings.Repeat("A", 86), foreignToken} {
			r := p.get("/v1/me", token)
			expect(t, r, 401, "")
		}
		expect(t, p.get("/v1/me", c.Token), 200, "")
	})
}

// Ending a session while others ask for it must leave nothing behind that keeps it alive.
func TestEndedSessionIsNotRevivedByRequestsInFlight(t *testing.T) {
	eachProgram(t, func(t *testing.T, p *program) {
		for range 10 {
			c := p.ann.SignIn()
			p.node = startNode(t, p.DB, p.URL) // which has yet to hear of the session
			stop := make(chan struct{})
			done := make(chan struct{})
			go func() {
				defer close(done)
				for {
					select {
					case <-stop:
						return
					default:
						p.get("/v1/me", c.Token)
					}
				}
			}()
			expect(t, p.post("/v1/auth/logout", "", office, "Authorization", "Bearer "+c.Token), 204, "")
			expect(t, p.get("/v1/me", c.Token), 401, "")
			close(stop)
			<-done
		}
	})
}
