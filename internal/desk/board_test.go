package desk_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// boarded is a desk at noon: Help with Printers below it, and Sales.
//
//	lane               waits            agents
//	computer in Help   10 and 5 min     ann (1 of 5), bob (full, of Printers)
//	network in Printers 2 min           bob
//	network in Sales   20 min           cyd (busy)
//	none               1 min            all of them
//
// dee of Help is online and not connected, and works on two although one is the limit. Ann has been asked
// something 3 minutes ago.
type boarded struct {
	t                     *testing.T
	s                     *servertest.Server
	tenant                *servertest.Tenant
	help, printers, sales string
	users                 map[string]*servertest.User
	history               *history
}

func newBoarded(t *testing.T, s *servertest.Server) *boarded {
	noon(s)
	b := &boarded{t: t, s: s, tenant: s.NewTenant("acme", "it-desk"), users: map[string]*servertest.User{}}
	b.help = b.tenant.NewDepartment("Help", "")
	b.printers, b.sales = b.tenant.NewDepartment("Printers", b.help), b.tenant.NewDepartment("Sales", "")
	b.users["root"] = b.tenant.NewUser("root", nil, "admin")
	b.users["lead"] = b.tenant.NewUser("lead", []string{b.help}, "team_lead")
	b.agent("ann", b.help, "online", 1, 5, "computer")
	b.agent("bob", b.printers, "online", 1, 1, "computer", "network")
	b.agent("cyd", b.sales, "busy", 0, 5, "network")
	b.agent("dee", b.help, "online", 2, 1)
	b.exec(`UPDATE presences SET alive_until = 0 WHERE tenant_id = $1 AND user_id = $2`, b.users["dee"].ID)
	b.exec(`UPDATE skills SET active = false WHERE tenant_id = $1 AND id NOT IN ('computer', 'asset')`)
	b.exec(`UPDATE skills SET department_id = $2 WHERE tenant_id = $1 AND id IN ('computer', 'asset')`, b.help)
	b.waits("computer", b.help, 10*time.Minute)
	b.waits("computer", b.help, 5*time.Minute)
	b.waits("network", b.printers, 2*time.Minute)
	b.waits("network", b.sales, 20*time.Minute)
	b.waits("", "", time.Minute)
	b.held("ann", "active", b.help, 3*time.Minute)
	b.history = newHistory(t, s, b.tenant.ID, b.users["root"].ID, 1)
	b.exec(`UPDATE conversations SET state = 'parked', department_id = $3 WHERE tenant_id = $1 AND id = $2`, b.history.conversations[0], b.sales)
	return b
}

// noon moves the clock to the next noon in Shanghai, where it stops.
func noon(s *servertest.Server) {
	s.Clock.Stop()
	const day = 24 * time.Hour
	now := s.Clock.Now()
	s.Clock.Advance(now.Truncate(day).Add(day + 4*time.Hour).Sub(now))
}

func (b *boarded) exec(query string, args ...any) {
	b.t.Helper()
	write(b.t, b.s, b.tenant.ID, func(tx *store.Tx) error {
		_, err := tx.Exec(b.t.Context(), query, args...)
		return err
	})
}

func (b *boarded) ago(d time.Duration) int64 { return b.s.DB.Now().Add(-d).UnixMicro() }

func (b *boarded) agent(name, department, status string, load, limit int, skills ...string) {
	user := b.tenant.NewUser(name, []string{department}, "agent")
	b.users[name] = user
	insertAgent(b.t, b.s, b.tenant.ID, user.ID, skills...)
	b.exec(`UPDATE agents SET status = $3, current_load = $4, max_load = $5 WHERE tenant_id = $1 AND user_id = $2`, user.ID, status, load, limit)
	b.exec(`INSERT INTO presences (tenant_id, user_id, source, alive_until) VALUES ($1, $2, 'test', $3)`, user.ID, b.ago(-time.Hour))
}

func (b *boarded) waits(skill, department string, since time.Duration) {
	id := ask(b.t, b.s, b.tenant.ID, b.users["root"].ID, skill, department)
	b.exec(`UPDATE conversations SET queued_at = $3 WHERE tenant_id = $1 AND id = $2`, id, b.ago(since))
}

func (b *boarded) held(agent, state, department string, asked time.Duration) {
	id := ask(b.t, b.s, b.tenant.ID, b.users["root"].ID, "", department)
	b.exec(`UPDATE conversations SET state = $3, assignee_id = $4, asked_at = $5 WHERE tenant_id = $1 AND id = $2`,
		id, state, b.users[agent].ID, b.ago(asked))
}

// board is what an answer says, in short.
type board struct {
	Waiting string
	Open    string
	Slots   string
	Groups  string
	Tiles   []string
	Agents  []string
}

func (b *boarded) board(c *servertest.Client) board {
	b.t.Helper()
	return b.inShort(c.Do("GET", "/v1/board", nil).Expect(200))
}

type groups struct{ Free, Full, Busy, Offline int }

func (g groups) String() string {
	return fmt.Sprintf("%d free %d full %d busy %d offline", g.Free, g.Full, g.Busy, g.Offline)
}

type wait struct {
	Count int
	Since *time.Time
}

func (w wait) at(now time.Time) string {
	if w.Since == nil {
		return fmt.Sprint(w.Count)
	}
	return fmt.Sprintf("%d, %s", w.Count, now.Sub(*w.Since))
}

type label struct{ Name string }

func (b *boarded) inShort(a *servertest.Answer) board {
	b.t.Helper()
	var body struct {
		At      time.Time
		Waiting wait
		Open    map[string]int
		Slots   struct{ Held, Total int }
		Groups  groups
		Tiles   []struct {
			Skill, Department *label
			Waiting           wait
			Agents            groups
		}
		Agents []struct {
			Agent           label
			Status          string
			Connected       bool
			CurrentLoad     int  `json:"current_load"`
			MaxLoad         int  `json:"max_load"`
			OverLimit       bool `json:"over_limit"`
			Skills          []label
			UnansweredSince *time.Time `json:"unanswered_since"`
		}
	}
	a.Into(&body)
	short := board{
		Waiting: body.Waiting.at(body.At), Open: fmt.Sprint(body.Open), Slots: fmt.Sprintf("%d of %d", body.Slots.Held, body.Slots.Total),
		Groups: body.Groups.String(),
	}
	for _, t := range body.Tiles {
		name := func(l *label) string {
			if l == nil {
				return "-"
			}
			return l.Name
		}
		short.Tiles = append(short.Tiles, fmt.Sprintf("%s in %s: %s; %s", name(t.Skill), name(t.Department), t.Waiting.at(body.At), t.Agents))
	}
	for _, g := range body.Agents {
		text := fmt.Sprintf("%s %s %d/%d %v", g.Agent.Name, g.Status, g.CurrentLoad, g.MaxLoad, g.Skills)
		if !g.Connected {
			text += " not connected"
		}
		if g.OverLimit {
			text += " over"
		}
		if g.UnansweredSince != nil {
			text += fmt.Sprintf(" unanswered for %s", body.At.Sub(*g.UnansweredSince))
		}
		short.Agents = append(short.Agents, text)
	}
	return short
}

func TestTheBoardShowsWhatItsReaderCovers(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		b := newBoarded(t, s)
		whole := board{
			Waiting: "5, 20m0s",
			Open:    "map[active:1 on_hold:0 parked:1 queued:5]",
			Slots:   "2 of 6",
			Groups:  "1 free 1 full 1 busy 1 offline",
			Tiles: []string{
				"电脑 in Help: 2, 10m0s; 1 free 1 full 0 busy 0 offline",
				"网络 in Printers: 1, 2m0s; 0 free 1 full 0 busy 0 offline",
				"网络 in Sales: 1, 20m0s; 0 free 0 full 1 busy 0 offline",
				"资产 in Help: 0; 0 free 0 full 0 busy 0 offline",
				"- in -: 1, 1m0s; 1 free 1 full 1 busy 1 offline",
			},
			Agents: []string{
				"ann online 1/5 [{电脑}] unanswered for 3m0s",
				"bob online 1/1 [{电脑} {网络}]",
				"cyd busy 0/5 [{网络}]",
				"dee online 2/1 [] not connected over",
			},
		}
		if diff := cmp.Diff(whole, b.board(b.users["root"].SignIn())); diff != "" {
			t.Errorf("to who sees everything (-want +got):\n%s", diff)
		}
		lead := b.users["lead"].SignIn()
		part := board{
			Waiting: "3, 10m0s",
			Open:    "map[active:1 on_hold:0 parked:0 queued:3]",
			Slots:   "2 of 6",
			Groups:  "1 free 1 full 0 busy 1 offline",
			Tiles:   []string{whole.Tiles[0], whole.Tiles[1], whole.Tiles[3]},
			Agents:  []string{whole.Agents[0], whole.Agents[1], whole.Agents[3]},
		}
		if diff := cmp.Diff(part, b.board(lead)); diff != "" {
			t.Errorf("to who leads Help (-want +got):\n%s", diff)
		}
		b.users["ann"].SignIn().Do("GET", "/v1/board", nil).Refused(403, "no_permission")
	})
}

// In a public room the numbers hang without the names.
func TestTheBoardNamesOnlyWhomItsReaderMayKnow(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		b := newBoarded(t, s)
		root := b.users["root"].SignIn()
		root.Do("POST", "/v1/roles", object{"name": "screen", "permissions": []string{"dashboard:read:all"}}).Expect(201)
		want := b.board(root)
		want.Agents = nil
		if diff := cmp.Diff(want, b.board(b.tenant.NewUser("screen", nil, "screen").SignIn())); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// What the board says of today is what the reports say.
func TestTodayOnTheBoardIsTodaysReport(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		b := newBoarded(t, s)
		b.history = newHistory(t, s, b.tenant.ID, b.users["root"].ID, 7)
		now := s.DB.Now()
		ann, bob := b.users["ann"].ID, b.users["bob"].ID
		helped := func(i int, c cycle) cycle {
			c.conversation, c.number, c.first, c.last, c.answering = i, 1, ann, ann, ann
			return c
		}
		b.history.rewrite(t, []cycle{
			helped(0, cycle{department: b.help, queued: now.Add(-11 * time.Hour), assigned: time.Second, answered: 30 * time.Second,
				over: 10 * time.Minute, end: "resolved", rating: 5}),
			helped(1, cycle{department: b.printers, queued: now.Add(-time.Hour), assigned: time.Second, answered: 90 * time.Second,
				over: 20 * time.Minute, end: "resolved", rating: 4}),
			helped(2, cycle{department: b.help, queued: now.Add(-time.Hour), assigned: time.Second, answered: 60 * time.Second}),
			{conversation: 3, number: 1, department: b.help, queued: now.Add(-time.Hour), over: 2 * time.Minute, end: "abandoned"},
			{conversation: 4, number: 1, department: b.help, queued: now.Add(-time.Hour), over: 59 * time.Second, end: "abandoned"},
			{conversation: 5, number: 1, department: b.sales, queued: now.Add(-time.Hour), assigned: time.Second, first: bob, last: bob},
			helped(6, cycle{department: b.help, queued: now.Add(-13 * time.Hour), assigned: time.Second, answered: time.Second}), // yesterday
		})
		root, lead := b.users["root"].SignIn(), b.users["lead"].SignIn()
		today := object{
			"date": now.In(mustLoad(t, "Asia/Shanghai")).Format(time.DateOnly), "began": 6.0, "answered": 3.0, "service_level": 0.4,
			"first_response": 60.0, "resolved": 2.0, "resolution": 900.0, "abandoned": 2.0, "rated": 2.0, "rating": 4.5,
		}
		if diff := cmp.Diff(any(today), root.Do("GET", "/v1/board", nil).Expect(200).Value("today")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		today["began"], today["service_level"] = 5.0, 0.5
		if diff := cmp.Diff(any(today), lead.Do("GET", "/v1/board", nil).Expect(200).Value("today")); diff != "" {
			t.Errorf("without Sales (-want +got):\n%s", diff)
		}
		for _, reader := range []*servertest.Client{root, lead} {
			b.agree(reader)
		}
	})
}

func mustLoad(t *testing.T, zone string) *time.Location {
	t.Helper()
	location, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return location
}

// agree compares the board with the reports of today.
func (b *boarded) agree(reader *servertest.Client) {
	b.t.Helper()
	today, _ := reader.Do("GET", "/v1/board", nil).Expect(200).Value("today").(object)
	for _, c := range []struct{ report, figure, today string }{
		{"first-response", "count", "answered"},
		{"first-response", "average", "first_response"},
		{"first-response", "share", "service_level"},
		{"resolution", "count", "resolved"},
		{"resolution", "average", "resolution"},
		{"ratings", "rated", "rated"},
		{"ratings", "average", "rating"},
		{"volume", "opened", "began"},
		{"volume", "abandoned", "abandoned"},
	} {
		report := reader.Do("GET", fmt.Sprintf("/v1/reports/%s?from=%s", c.report, today["date"]), nil).Expect(200)
		if got := report.Value("sums", c.figure); got != today[c.today] {
			b.t.Errorf("%s: %s of %s is %v, on the board %v", reader.User.Username, c.figure, c.report, got, today[c.today])
		}
	}
}
