package session_test

import (
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// rarely is how long what is remembered goes on by itself; a mark that stands does not lengthen it.
const rarely = 4 * time.Second

// What nobody has announced, because a node was killed between the commit and its message, is found in
// the database.
func TestAChangeThatNobodyHeardOfIsObeyedAfterFourSeconds(t *testing.T) {
	for name, change := range map[string]string{
		"the session":       `UPDATE sessions SET ended_at = 0, end_reason = 'lost' WHERE tenant_id = $1 AND user_id = $2`,
		"the user's epoch":  `UPDATE users SET epoch = epoch + 1 WHERE tenant_id = $1 AND id = $2`,
		"the tenant's":      `UPDATE tenants SET epoch = epoch + 1 WHERE tenant_id = $1 AND $2 <> ''`,
		"the tenant itself": `UPDATE tenants SET status = 'suspended' WHERE tenant_id = $1 AND $2 <> ''`,
	} {
		t.Run(name, func(t *testing.T) {
			eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
				token := accessTokenOf(t, p.signInFrom(office, servertest.Password))
				expect(t, p.get("/v1/me", token), 200, "")
				p.unheard(t, p.acme.ID, change, p.ann.ID)
				for range 40 {
					expect(t, p.get("/v1/me", token), 200, "")
					clock.Advance(rarely / 40)
				}
				expect(t, p.get("/v1/me", token), 401, "")
			})
		})
	}
}

// What is remembered lets people in, and turns nobody away: other nodes have made users and begun
// sessions since.
func TestNobodyIsTurnedAwayByWhatIsRemembered(t *testing.T) {
	eachStillProgram(t, func(t *testing.T, p *program, clock *stillClock) {
		hers := accessTokenOf(t, p.signInFrom(office, servertest.Password))
		expect(t, p.get("/v1/me", hers), 200, "") // from now on the node remembers her and the policy

		here, there := p.node, startNode(t, p.DB.WithClock(clock.Now), p.URL)
		p.acme.NewUser("bob", nil, "agent")
		p.node = there
		body := `{"tenant":"acme","username":"bob","password":"` + servertest.Password + `"}`
		his := accessTokenOf(t, p.post("/v1/auth/login", body, office))
		again := accessTokenOf(t, p.signInFrom(abroad, servertest.Password))
		changed := accessTokenOf(t, p.post("/v1/auth/password", `{"current":"`+servertest.Password+`","new":"`+nextPassword+`"}`, abroad,
			"Authorization", "Bearer "+again))

		p.node = here
		expect(t, p.get("/v1/me", his), 200, "")
		expect(t, p.get("/v1/me", changed), 200, "")
		clock.Advance(rarely)
		expect(t, p.get("/v1/me", hers), 401, "")
	})
}
