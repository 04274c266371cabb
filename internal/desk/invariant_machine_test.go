package desk_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// machine is the desk of one tenant that two nodes serve, with everybody who does something at it. Its clock
// stands still between steps, and dispatch and sweeps happen when the test says so.
type machine struct {
	*floor
	nodes         []*servertest.Server
	parents       map[string]string // of departments
	root, net, hr string            // departments; net lies below root
	help          string            // the department that helps out with the network
	agents, users []*servertest.User
	lead          *servertest.User
	clients       map[string]*servertest.Client
	barred        map[string]bool // agents who lost the permission, or are disabled
	world         *world
	renews        bool
	settled       bool
}

func newMachine(t testing.TB, nodes []*servertest.Server, slug string) *machine {
	t.Helper()
	f := &floor{Server: nodes[0], Tenant: nodes[0].NewTenant(slug, "it-desk"), t: t}
	m := &machine{floor: f, nodes: nodes, clients: map[string]*servertest.Client{}, barred: map[string]bool{}}
	m.root, m.hr = f.NewDepartment("IT", ""), f.NewDepartment("HR", "")
	m.net = f.NewDepartment("Network", m.root)
	m.parents, m.help = map[string]string{m.net: m.root}, m.hr
	f.exec(`UPDATE skills SET department_id = $2 WHERE tenant_id = $1`, m.root)
	f.exec(`UPDATE skills SET department_id = $2, fallback_department_id = $3 WHERE tenant_id = $1 AND id = 'network'`, m.net, m.hr)
	f.exec(`UPDATE desk_settings SET first_answer_seconds = 300 WHERE tenant_id = $1`)
	m.agents = []*servertest.User{
		f.agent("a0", 2, []string{m.root}, "network", "software"),
		f.agent("a1", 1, []string{m.net}, "network"),
		f.agent("a2", 3, []string{m.hr}, "network"),
		f.agent("a3", 2, []string{m.root, m.net}, "software"),
	}
	m.users = []*servertest.User{f.NewUserWithoutFactor("u0", nil, "user"), f.NewUserWithoutFactor("u1", nil, "user", "agent")}
	m.lead = f.NewUserWithoutFactor("lead", []string{m.root, m.hr}, "team_lead")
	m.world = see(t, f.Server, f.ID)
	return m
}

// do sends a request as somebody, who signs in again when the clock has overtaken their token.
func (m *machine) do(who *servertest.User, method, path string, body any, headers ...string) *servertest.Answer {
	m.t.Helper()
	c := m.clients[who.ID]
	if c == nil {
		c = who.SignIn()
		m.clients[who.ID] = c
	}
	answer := c.Do(method, path, body, headers...)
	if answer.Status == http.StatusUnauthorized {
		c.SignIn(who)
		answer = c.Do(method, path, body, headers...)
	}
	if answer.Status >= 500 {
		m.t.Fatalf("%s %s: %d %s", method, path, answer.Status, answer.Body)
	}
	return answer
}

// on does something with a conversation, in the version that stands.
func (m *machine) on(who *servertest.User, c *worldConversation, what string, body any) *servertest.Answer {
	m.t.Helper()
	return m.do(who, "POST", "/v1/conversations/"+c.id+"/"+what, body, "If-Match", fmt.Sprintf(`"%d"`, c.version))
}

// able are the agents who can sign in and do something.
func (m *machine) able(t *rapid.T) *servertest.User {
	able := slices.DeleteFunc(slices.Clone(m.agents), func(u *servertest.User) bool { return m.barred[u.ID] })
	if len(able) == 0 {
		t.Skip("nobody")
	}
	return rapid.SampledFrom(able).Draw(t, "agent")
}

// some draws a conversation in one of the states.
func (m *machine) some(t *rapid.T, states ...string) *worldConversation {
	var found []*worldConversation
	for _, c := range m.world.conversations {
		if slices.Contains(states, c.state) {
			found = append(found, c)
		}
	}
	if len(found) == 0 {
		t.Skip("none")
	}
	slices.SortFunc(found, func(a, b *worldConversation) int { return int(a.number - b.number) })
	return rapid.SampledFrom(found).Draw(t, "conversation")
}

// rarely lets one of three through.
func (m *machine) rarely(t *rapid.T) {
	if rapid.IntRange(0, 2).Draw(t, "rarely") > 0 {
		t.Skip("not now")
	}
}

func (m *machine) user(id string) *servertest.User {
	for _, u := range slices.Concat(m.agents, m.users, []*servertest.User{m.lead}) {
		if u.ID == id {
			return u
		}
	}
	return nil
}

// holderOf is the agent who holds a conversation, when they can do something.
func (m *machine) holderOf(t *rapid.T, c *worldConversation) *servertest.User {
	if c.assignee == "" || m.barred[c.assignee] {
		t.Skip("nobody")
	}
	return m.user(c.assignee)
}

// actions are what happens at a desk.
func (m *machine) actions() map[string]func(*rapid.T) {
	held, waits := []string{"active", "on_hold"}, []string{"queued"}
	return map[string]func(*rapid.T){
		"ask": m.ask1, "ask again": m.ask1, "ask once more": m.ask1,
		"dispatch": m.dispatch, "dispatch again": m.dispatch, "dispatch on both nodes": m.dispatchTwice, "dispatch and crash": m.dispatchAndCrash,
		"sweep": m.sweepOne, "sweep and crash": m.sweepAndCrash,
		"time": m.time, "more time": m.time,
		"reply": func(t *rapid.T) {
			c := m.some(t, "queued", "active", "on_hold", "parked", "resolved")
			m.renews = c.state == "parked" || c.state == "resolved"
			m.do(m.user(c.requester), "POST", "/v1/conversations/"+c.id+"/messages", object{"kind": "text", "text": "and?"})
		},
		"answer": func(t *rapid.T) {
			c := m.some(t, held...)
			m.do(m.holderOf(t, c), "POST", "/v1/conversations/"+c.id+"/messages", object{"kind": "text", "text": "so"})
		},
		"take":       func(t *rapid.T) { m.on(m.able(t), m.some(t, waits...), "take", nil) },
		"take twice": m.takeTwice, "take all": m.takeAll,
		"transfer": func(t *rapid.T) {
			c := m.some(t, held...)
			to := rapid.SampledFrom([]object{{"agent": m.agents[0].ID}, {"agent": m.agents[3].ID}, {"skill": "network"}, {"department": m.root}}).Draw(t, "to")
			m.on(m.holderOf(t, c), c, "transfer", to)
		},
		"assign": func(t *rapid.T) {
			c := m.some(t, "queued", "active", "resolved")
			m.renews = c.state == "resolved"
			agent := rapid.SampledFrom(m.agents).Draw(t, "agent").ID
			m.on(m.lead, c, "assign", object{"agent": agent, "force": rapid.Bool().Draw(t, "force")})
		},
		"hold": func(t *rapid.T) { c := m.some(t, "active"); m.on(m.holderOf(t, c), c, "hold", nil) },
		"resume": func(t *rapid.T) {
			c := m.some(t, "on_hold", "parked")
			m.renews = c.state == "parked"
			m.on(m.holderOf(t, c), c, "resume", nil)
		},
		"park": func(t *rapid.T) {
			c := m.some(t, held...)
			until := object{}
			if rapid.Bool().Draw(t, "until") {
				until["until"] = m.Clock.Now().Add(10 * time.Minute).UTC().Format(time.RFC3339)
			}
			m.on(m.holderOf(t, c), c, "park", until)
		},
		"resolve": func(t *rapid.T) { c := m.some(t, held...); m.on(m.holderOf(t, c), c, "resolve", nil) },
		"reopen": func(t *rapid.T) {
			c := m.some(t, "resolved")
			m.renews = true
			m.on(m.user(c.requester), c, "reopen", nil)
		},
		"leave":  func(t *rapid.T) { c := m.some(t, waits...); m.on(m.user(c.requester), c, "leave", nil) },
		"status": m.status1, "online": m.online,
		"lost":    func(t *rapid.T) { m.lose(rapid.SampledFrom(m.agents).Draw(t, "agent")) },
		"absence": m.absence,
		"back":    m.back, "back again": m.back,
		"limit":    m.limit,
		"bar":      m.bar,
		"admit":    m.admit,
		"old page": m.stale,
	}
}

func (m *machine) ask1(t *rapid.T) {
	body := object{"skill": rapid.SampledFrom([]string{"network", "network", "software", "asset", "security"}).Draw(t, "skill"), "subject": "help", "text": "please"}
	m.do(rapid.SampledFrom(m.users).Draw(t, "requester"), "POST", "/v1/conversations", body).Expect(201)
}

func (m *machine) dispatch(t *rapid.T) {
	m.must(rapid.SampledFrom(m.nodes).Draw(t, "node").Desk.Settle(m.t.Context(), m.ID))
	m.settled = true
}

func (m *machine) dispatchTwice(*rapid.T) {
	m.atOnce(len(m.nodes), func(i int) { m.must(m.nodes[i].Desk.Settle(m.t.Context(), m.ID)) })
	m.settled = true
}

// takeTwice has two agents take the same conversation at once: one has it, the other is told.
func (m *machine) takeTwice(t *rapid.T) {
	c := m.some(t, "queued")
	var answers [2]*servertest.Answer
	able := []*servertest.User{m.agents[0], m.agents[3]}
	for _, u := range able {
		if m.barred[u.ID] {
			t.Skip("barred")
		}
		m.do(u, "GET", "/v1/me/agent", nil).Expect(200) // whoever must sign in does it now
	}
	m.atOnce(2, func(i int) { answers[i] = m.on(able[i], c, "take", nil) })
	won := 0
	for i, a := range answers {
		other := able[1-i]
		switch {
		case a.Status == http.StatusOK:
			won++
		case a.Code() == "already_assigned" && a.String("detail") != other.Name+" works on it":
			m.t.Errorf("whoever came second is told %s", a.Body)
		}
	}
	if won > 1 {
		m.t.Errorf("both took %s", c.id)
	}
}

// takeAll has a greedy agent take whatever waits, until they may have no more.
func (m *machine) takeAll(t *rapid.T) {
	agent := m.able(t)
	for range 4 {
		if m.on(agent, m.some(t, "queued"), "take", nil).Code() == "agent_full" {
			return
		}
	}
}

// fragile is a context that ends after it was looked at so often: wherever the work is then, it crashes.
type fragile struct {
	context.Context
	left atomic.Int32
	end  func()
}

func newFragile(parent context.Context, looks int) *fragile {
	f := &fragile{}
	f.Context, f.end = context.WithCancel(parent)
	f.left.Store(int32(looks))
	return f
}

func (f *fragile) Done() <-chan struct{} {
	if f.left.Add(-1) == 0 {
		f.end()
	}
	return f.Context.Done()
}

// crash runs something that dies somewhere on its way. Only its own death may end it.
func (m *machine) crash(t *rapid.T, work func(ctx context.Context) error) {
	ctx := newFragile(m.t.Context(), rapid.IntRange(1, 250).Draw(t, "looks"))
	defer ctx.end()
	if err := work(ctx); err != nil && ctx.Err() == nil {
		m.t.Fatal(err)
	}
}

func (m *machine) dispatchAndCrash(t *rapid.T) {
	m.crash(t, func(ctx context.Context) error { return m.nodes[0].Desk.Settle(ctx, m.ID) })
}

func (m *machine) sweepOne(t *rapid.T) {
	m.renews = true // of what is parked until an instant
	m.must(rapid.SampledFrom(m.nodes).Draw(t, "node").Desk.SweepTenant(m.t.Context(), m.ID))
}

func (m *machine) sweepAndCrash(t *rapid.T) {
	m.renews = true
	m.crash(t, func(ctx context.Context) error { return m.nodes[0].Desk.SweepTenant(ctx, m.ID) })
}

func (m *machine) time(t *rapid.T) {
	m.Clock.Advance(time.Duration(rapid.SampledFrom([]int{5, 31, 91, 181, 301, 901}).Draw(t, "seconds")) * time.Second)
	var there []string
	for id, a := range m.world.agents {
		if a.connected { // whoever is there stays there
			there = append(there, id)
		}
	}
	m.must(m.Desk.Present(m.t.Context(), m.ID, there))
}

func (m *machine) status1(t *rapid.T) {
	wish := object{"status": rapid.SampledFrom([]string{"online", "online", "busy", "offline"}).Draw(t, "status")}
	if wish["status"] == "offline" {
		wish[rapid.SampledFrom([]string{"release", "keep"}).Draw(t, "what becomes of theirs")] = true
	}
	m.do(m.able(t), "PUT", "/v1/me/agent", wish).Expect(200)
}

// back connects an agent again, and online has all who may be work.
func (m *machine) back(t *rapid.T) {
	m.must(m.Desk.Present(m.t.Context(), m.ID, []string{rapid.SampledFrom(m.agents).Draw(t, "agent").ID}))
}

func (m *machine) online(*rapid.T) {
	for _, u := range m.agents {
		if !m.barred[u.ID] {
			m.do(u, "PUT", "/v1/me/agent", object{"status": "online"}).Expect(200)
			m.must(m.Desk.Present(m.t.Context(), m.ID, []string{u.ID}))
		}
	}
}

// absence loses an agent for longer than anybody waits for them; both nodes notice.
func (m *machine) absence(t *rapid.T) {
	m.rarely(t)
	m.renews = true
	m.lose(rapid.SampledFrom(m.agents).Draw(t, "agent"))
	for range 3 {
		m.atOnce(len(m.nodes), func(i int) { m.must(m.nodes[i].Desk.SweepTenant(m.t.Context(), m.ID)) })
		m.Clock.Advance(lostTime)
	}
}

// lostTime is a moment more than half of what it takes for an absence to have consequences.
const lostTime = 91 * time.Second

func (m *machine) limit(t *rapid.T) {
	agent := rapid.SampledFrom(m.agents).Draw(t, "agent")
	read := m.do(m.lead, "GET", "/v1/agents/"+agent.ID, nil).Expect(200)
	skills := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"network", "software", "asset"}), 0, 2, rapid.ID).Draw(t, "skills")
	m.do(m.lead, "PATCH", "/v1/agents/"+agent.ID, object{"max_load": rapid.IntRange(1, 3).Draw(t, "limit"), "skill_tags": skills},
		"If-Match", read.ETag()).Expect(200)
}

// bar takes the role from an agent, or disables them; admit gives back what was taken.
func (m *machine) bar(t *rapid.T) {
	m.rarely(t)
	u := m.able(t)
	m.barred[u.ID] = true
	m.access(u, rapid.Bool().Draw(t, "disabled"), nil)
}

func (m *machine) admit(t *rapid.T) {
	for _, u := range m.agents {
		if m.barred[u.ID] {
			delete(m.barred, u.ID)
			m.access(u, false, []policy.Assignment{{Role: "agent"}})
			return
		}
	}
	t.Skip("nobody")
}

// access changes what somebody may, around the guard rails.
func (m *machine) access(u *servertest.User, disabled bool, list []policy.Assignment) {
	err := m.DB.Write(m.t.Context(), m.ID, func(tx *store.Tx) error {
		if _, err := tenant.Lock(m.t.Context(), tx); err != nil {
			return err
		}
		if _, err := tx.Exec(m.t.Context(), `UPDATE users SET active = $3 WHERE tenant_id = $1 AND id = $2`, u.ID, !disabled); err != nil {
			return err
		}
		return policy.SetAssignments(m.t.Context(), tx, u.ID, list)
	})
	m.must(err)
	for _, node := range m.nodes {
		node.Policy.Forget(m.ID)
	}
}

// stale is a click on a page that shows another version.
func (m *machine) stale(t *rapid.T) {
	c := *m.some(t, "queued", "active", "on_hold", "parked", "resolved")
	c.version--
	if answer := m.on(m.lead, &c, "assign", object{"agent": m.agents[0].ID}); answer.Status < 400 {
		m.t.Errorf("a change of version %d was let through: %s", c.version, answer.Body)
	}
}

func (m *machine) must(err error) {
	if err != nil {
		m.t.Helper()
		m.t.Fatal(err)
	}
}

func (m *machine) atOnce(n int, f func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { f(i) })
	}
	all.Wait()
}

// checked has every action check the invariants after it.
func (m *machine) checked() map[string]func(*rapid.T) {
	actions := m.actions()
	for what, act := range actions {
		actions[what] = func(t *rapid.T) {
			m.renews, m.settled = false, false
			act(t)
			s := &step{what: what, renews: m.renews, settled: m.settled, before: m.world, after: see(m.t, m.Server, m.ID), desk: m}
			m.world = s.after
			if err := s.check(); err != nil {
				t.Fatal(err)
			}
		}
	}
	return actions
}

// Whatever happens in whatever order, and wherever it crashes, what must hold of a desk holds after each step,
// with two nodes that dispatch. A second tenant whose agents are free and whose queue is full notices nothing.
func TestWhatMustHoldHolds(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		s.Clock.Stop()
		nodes := []*servertest.Server{s, s.Beside("second", s.DB, nil)}
		decoy := newMachine(t, nodes, "decoy")
		for range 3 {
			decoy.do(decoy.users[0], "POST", "/v1/conversations", object{"skill": "network", "subject": "help", "text": "please"}).Expect(201)
		}
		n := 0
		servertest.Fewer(t, 3)
		rapid.Check(t, func(rt *rapid.T) {
			n++
			m := newMachine(t, nodes, fmt.Sprint("acme", n))
			rt.Repeat(m.checked())
		})
		if w := see(t, s, decoy.ID); len(w.tenures) > 0 || len(w.conversations) != 3 || len(w.events) != 3 {
			t.Errorf("the other tenant has %d tenures, %d conversations, %d events", len(w.tenures), len(w.conversations), len(w.events))
		}
	})
}
