package session_test

import (
	"fmt"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// eachScarceProgram is eachProgram on a disk that is nearly full.
func eachScarceProgram(t *testing.T, f func(t *testing.T, p *program)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := servertest.RunNearlyFull(t, db)
		p := &program{Server: s, acme: s.NewTenant("acme", "it-desk")}
		p.ann = p.acme.NewUser("ann", nil, "agent")
		f(t, p)
	})
}

// rows counts those that the tenants have in a table.
func (p *program) rows(t *testing.T, table string, tenants ...string) (n int) {
	t.Helper()
	for _, tenant := range tenants {
		n += len(p.texts(t, tenant, `SELECT r.id FROM `+table+` r WHERE r.tenant_id = $1`))
	}
	return n
}

// Whoever knows a password, or has a session, can have no more written by signing in and staying signed in than by all
// else that they call.
func TestSigningInIsPacedWithoutRoom(t *testing.T) {
	eachScarceProgram(t, func(t *testing.T, p *program) {
		bob := p.acme.NewUser("bob", nil, "agent")
		ann, device := p.ann.SignIn(), deviceOf(t, p.signInFrom(office, servertest.Password))
		calls := []func() int{
			func() int { return p.signInWith(device, "ann", servertest.Password, office).StatusCode },
			func() int { return ann.Do("POST", "/v1/auth/refresh", nil).Status },
		}
		done := 0
		for n := range 140 {
			if calls[n%2]() == 200 {
				done++
			}
		}
		if done < 120 || done > 130 { // one more in five seconds, while they are counted
			t.Errorf("%d calls are answered", done)
		}
		sessions, records := p.rows(t, "sessions", p.acme.ID), p.rows(t, "audit_bodies", p.acme.ID)
		for n := range 20 {
			calls[n%2]()
		}
		if more := p.rows(t, "sessions", p.acme.ID) - sessions; more > 5 {
			t.Errorf("they left %d sessions", more)
		}
		if more := p.rows(t, "audit_bodies", p.acme.ID) - records; more > 20 {
			t.Errorf("they left %d records", more)
		}
		expect(t, p.signInFrom(office, "wrong"), 401, "") // none of them counts as a failure
		bob.SignIn()
		ann.Do("POST", "/v1/auth/logout", nil).Expect(204)
	})
}

// Whoever knows a password, and no more, does not spend what its owner has left: not that of their sessions, and not that of
// signing in where they have before.
func TestWhoKnowsAPasswordShutsNobodyOutWithoutRoom(t *testing.T) {
	eachScarceProgram(t, func(t *testing.T, p *program) {
		chief := p.acme.NewUser("root", nil, "admin").SignIn()
		last := 0
		for n := 0; n < 150 && last != 429; n++ {
			last = p.try("acme", "root", servertest.Password, elsewhere(n)).StatusCode
		}
		if last != 429 {
			t.Errorf("the last of 150 sign-ins is answered %d", last)
		}
		again := map[string]any{"tenant": "acme", "username": "root", "password": servertest.Password}
		chief.Do("POST", "/v1/auth/login", again).Expect(401) // and asked for the second factor
		chief.Do("POST", "/v1/auth/refresh", nil).Expect(200)
		chief.Do("POST", "/v1/users/"+p.ann.ID+"/disable", nil).Expect(200)
	})
}

// Nor does a challenge let anybody have a second factor shown to them, and recorded, without end.
func TestEnrollingIsPacedWithoutRoom(t *testing.T) {
	eachScarceProgram(t, func(t *testing.T, p *program) {
		challenge := p.acme.NewUserWithoutFactor("eve", nil, "admin").Challenge()
		last := 0
		for n := 0; n < 130 && last != 429; n++ {
			last = p.Client().Do("POST", "/v1/auth/login/enrol", map[string]any{"challenge": challenge}).Status
		}
		if last != 429 {
			t.Errorf("the last of 130 is answered %d", last)
		}
	})
}

// Strangers have next to nothing written, from however many networks they come and whatever they try.
func TestStrangersLeaveLittleWithoutRoom(t *testing.T) {
	eachScarceProgram(t, func(t *testing.T, p *program) {
		records, lines := p.rows(t, "audit_bodies", "platform", p.acme.ID), p.rows(t, "sign_ins", p.acme.ID)
		const networks = 60
		for n := range networks {
			from := elsewhere(n)
			p.post("/v1/auth/refresh", "", from, "Cookie", "usher_refresh=acme.made.up")
			p.post("/v1/auth/logout", "", from)
			p.post("/v1/auth/login/otp", `{"challenge":"acme.made.up","code":"000000"}`, from)
			p.post("/v1/users", `{}`, from)
			p.try("acme", fmt.Sprintf("person%d", n), "wrong", from)
			p.try("acme", "ann", "wrong", from)
		}
		p.Sessions.Stop()
		p.Audit.Stop()
		// Twenty refusals and twenty times signing out of nothing, and one more of each for the rest.
		if more := p.rows(t, "audit_bodies", "platform", p.acme.ID) - records; more > 42 {
			t.Errorf("%d records of %d calls", more, 6*networks)
		}
		// Twenty tries, and a line for those whom the rest was about: ann, and nobody.
		if more := p.rows(t, "sign_ins", p.acme.ID) - lines; more > 23 {
			t.Errorf("%d lines of %d tries", more, 2*networks)
		}
	})
}
