package virtualdesk

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// Chances of what agents do when it is their turn.
const (
	changesMood = 0.03 // busy, offline for a while, or a lost connection
	takesByHand = 0.15 // of the queue, while nothing is to be done
	writesNote  = 0.08
	parks       = 0.07
	holds       = 0.08
	transfers   = 0.08
	resolves    = 0.35
	firstLimit  = 2 // conversations at once, of the agents with the least
	limits      = 4 // how many limits there are
)

// agent is a person who works conversations.
type agent struct {
	*person
	dice       *rand.Rand
	skills     map[string]bool
	department string
	limit      int

	mu       sync.Mutex // guards statuses
	statuses []statusAt
}

// statusAt is since when an agent had a status, as the server has said.
type statusAt struct {
	status string
	at     time.Time
}

// agentRow is an agent as the server shows one.
type agentRow struct {
	User        named     `json:"user"`
	Status      string    `json:"status"`
	StatusAt    time.Time `json:"status_at"`
	CurrentLoad int       `json:"current_load"`
	MaxLoad     int       `json:"max_load"`
	Connected   bool      `json:"connected"`
}

// becomes sets the agent's own status. Who goes offline says whether to keep or to release what they hold.
func (a *agent) becomes(ctx context.Context, status string, what ...string) error {
	body := map[string]any{"status": status}
	for _, option := range what {
		body[option] = true
	}
	var got agentRow
	err := a.insist(ctx, request{method: "PUT", path: "/v1/me/agent", into: &got, body: body})
	if err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.statuses = append(a.statuses, statusAt{status, got.StatusAt})
	return nil
}

// works has the agent do one thing after the other.
func (a *agent) works(ctx context.Context) {
	for pause(ctx, wait(a.dice, a.desk.config.Pace)) {
		if a.dice.Float64() < changesMood {
			a.mood(ctx)
			continue
		}
		a.followHeld()
		mine := a.sight.where(func(c *conversation) bool { return c.held() && idOf(c.Assignee) == a.id })
		if len(mine) == 0 {
			a.takes(ctx)
			continue
		}
		a.attends(ctx, mine[a.dice.IntN(len(mine))])
	}
}

// followHeld follows what is said in the agent's conversations.
func (a *agent) followHeld() {
	for _, c := range a.sight.where(func(c *conversation) bool { return c.held() && idOf(c.Assignee) == a.id }) {
		a.follow(c.ID)
	}
}

// mood has the agent receive nothing for a while, in one of three ways.
func (a *agent) mood(ctx context.Context) {
	away := wait(a.dice, 5*a.desk.config.Pace)
	switch a.dice.IntN(3) {
	case 0:
		a.surprised(a.becomes(ctx, "busy"))
	case 1:
		a.surprised(a.becomes(ctx, "offline", []string{"keep", "release"}[a.dice.IntN(2)]))
	default:
		a.hangUp()
		defer a.connect()
	}
	pause(ctx, away)
	a.surprised(a.becomes(context.WithoutCancel(ctx), "online"))
}

// takes takes a conversation by hand now and then.
func (a *agent) takes(ctx context.Context) {
	waiting := a.sight.where(func(c *conversation) bool { return c.State == "queued" })
	if len(waiting) > 0 && a.dice.Float64() < takesByHand {
		a.surprised(a.change(ctx, waiting[a.dice.IntN(len(waiting))], "take", nil))
	}
}

// attends does the next thing in a conversation of the agent's.
func (a *agent) attends(ctx context.Context, c *conversation) {
	heard := a.sight.speech(c.ID)
	switch {
	case !heard.known:
	case c.State == "on_hold":
		a.surprised(a.change(ctx, c, "resume", nil))
	case heard.last == "requester":
		a.surprised(a.say(ctx, c.ID, "text", pick(a.dice, answersGiven)))
	default:
		a.decides(ctx, c)
	}
}

// decides chooses what becomes of a conversation in which the agent has spoken last.
func (a *agent) decides(ctx context.Context, c *conversation) {
	choices := []struct {
		chance float64
		do     func() error
	}{
		{writesNote, func() error { return a.say(ctx, c.ID, "note", pick(a.dice, notes)) }},
		{parks, func() error { return a.change(ctx, c, "park", nil) }},
		{holds, func() error { return a.change(ctx, c, "hold", nil) }},
		{transfers, func() error { return a.change(ctx, c, "transfer", a.elsewhere()) }},
		{resolves, func() error { return a.change(ctx, c, "resolve", nil) }},
	}
	roll := a.dice.Float64()
	for _, choice := range choices {
		if roll -= choice.chance; roll < 0 {
			a.surprised(choice.do())
			return
		}
	}
}

// elsewhere is where a transfer goes: to a colleague, or back to the queue under a skill.
func (a *agent) elsewhere() map[string]string {
	if a.dice.IntN(2) == 0 {
		return map[string]string{"agent": a.desk.agents[a.dice.IntN(len(a.desk.agents))].id}
	}
	return map[string]string{"skill": a.desk.skills[a.dice.IntN(len(a.desk.skills))].ID}
}

func (a *agent) surprised(err error) { a.desk.surprise(a.person, err) }

// offlineAt tells whether the agent had been offline for a margin before an instant, and stayed so for a
// margin after it.
func (a *agent) offlineAt(at time.Time, margin time.Duration) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i, s := range a.statuses {
		next := i + 1
		ends := next < len(a.statuses) && a.statuses[next].at.Before(at.Add(margin))
		if s.status == "offline" && s.at.Add(margin).Before(at) && !ends {
			return true
		}
	}
	return false
}
