package virtualdesk

import (
	"fmt"
	"io"
	"slices"
	"sync"
	"text/tabwriter"
	"time"
)

// Report is what came of a virtual desk.
type Report struct {
	Conversations int            `json:"conversations"`
	Assigned      int            `json:"assigned"` // of them, those that an agent got
	Tenures       int            `json:"tenures"`  // how often an agent got one
	Messages      int            `json:"messages"` // acknowledged
	Waiting       Spread         `json:"waiting"`  // from the question to the first agent
	SkillMatch    float64        `json:"skill_match"`
	Delivery      Spread         `json:"delivery"` // of a message to the other side, from before it was sent
	Reconnects    int            `json:"reconnects"`
	Kills         int            `json:"kills"` // of nodes; whoever kills them counts
	Seconds       float64        `json:"seconds"`
	Seed          uint64         `json:"seed"`
	Unanswered    int            `json:"unanswered"` // requests that no node answered in time
	Refusals      map[string]int `json:"refusals"`   // by code; most are two people at one conversation
	Unexpected    int            `json:"unexpected"` // of the refusals, those that nobody should meet

	Broken   []Invariant          `json:"broken"`
	Examples map[Invariant]string `json:"examples"`

	unexpected string
}

// Spread sums up times, in milliseconds.
type Spread struct {
	Count int     `json:"count"`
	P50   float64 `json:"p50_ms"`
	P90   float64 `json:"p90_ms"`
	Max   float64 `json:"max_ms"`
}

// spread sums up times, by the nearest rank.
func spread(times []time.Duration) Spread {
	if len(times) == 0 {
		return Spread{}
	}
	slices.Sort(times)
	at := func(percent int) float64 {
		return float64(times[(len(times)*percent+99)/100-1].Microseconds()) / 1000
	}
	return Spread{len(times), at(50), at(90), at(100)}
}

// learned is what histories say about the desk as a whole.
type learned struct {
	mu       sync.Mutex // guards what follows
	waits    []time.Duration
	assigned int
	tenures  int
	given    int // by dispatch
	matched  int // to somebody with the skill
}

// learn sums up the conversations of the run.
func (l *learned) learn(d *desk, all []history) {
	skilled := map[string]map[string]bool{}
	for _, a := range d.agents {
		skilled[a.id] = a.skills
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, h := range all {
		if len(h.tenures) > 0 {
			l.assigned++
			l.waits = append(l.waits, h.tenures[0].StartedAt.Sub(h.CreatedAt))
		}
		l.tenures += len(h.tenures)
		for _, t := range h.tenures {
			if t.How == "dispatch" {
				l.given++
				if t.Pass == "matched" || skilled[t.Agent.ID][idOf(h.Skill)] {
					l.matched++
				}
			}
		}
	}
}

// report sums up the run.
func (d *desk) report() Report {
	r := Report{
		Seconds: d.worked.Seconds(), Seed: d.config.Seed, Broken: d.names(), Examples: map[Invariant]string{},
		SkillMatch: 1, Refusals: map[string]int{},
	}
	for _, i := range r.Broken {
		r.Examples[i], _ = d.example(i)
	}
	d.ledger.sumUp(&r)
	d.tally.sumUp(&r)
	d.learned.sumUp(&r)
	for _, p := range d.everybody() {
		r.Reconnects += max(0, p.been().Connections-1)
	}
	return r
}

func (l *ledger) sumUp(r *Report) {
	l.mu.Lock()
	defer l.mu.Unlock()
	r.Delivery = spread(l.delays)
	for _, e := range l.entries {
		if e.acknowledged {
			r.Messages++
		}
	}
}

func (t *tally) sumUp(r *Report) {
	t.mu.Lock()
	defer t.mu.Unlock()
	r.Conversations, r.Unanswered = len(t.conversations), t.unheard
	r.Unexpected, r.unexpected = t.surprises, t.surprising
	for code, n := range t.refusals {
		r.Refusals[code] = n
	}
}

func (l *learned) sumUp(r *Report) {
	l.mu.Lock()
	defer l.mu.Unlock()
	r.Assigned, r.Tenures, r.Waiting = l.assigned, l.tenures, spread(l.waits)
	if l.given > 0 {
		r.SkillMatch = float64(l.matched) / float64(l.given)
	}
}

// Write tells the report to people.
func (r *Report) Write(to io.Writer) error {
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "Worked for\t%.0f s, seed %d\n", r.Seconds, r.Seed)
	fmt.Fprintf(table, "Conversations\t%d, of which %d got an agent, %d tenures\n", r.Conversations, r.Assigned, r.Tenures)
	fmt.Fprintf(table, "Waiting for an agent\t%s\n", r.Waiting)
	fmt.Fprintf(table, "Skill match\t%.1f %% of what was dispatched\n", 100*r.SkillMatch)
	fmt.Fprintf(table, "Messages\t%d\n", r.Messages)
	fmt.Fprintf(table, "Delivery to the other side\t%s\n", r.Delivery)
	fmt.Fprintf(table, "Connections\t%d lost and made again\n", r.Reconnects)
	fmt.Fprintf(table, "Nodes killed\t%d\n", r.Kills)
	if r.Unexpected > 0 {
		fmt.Fprintf(table, "Unexpected refusals\t%d, the first: %s\n", r.Unexpected, r.unexpected)
	}
	for _, i := range r.Broken {
		fmt.Fprintf(table, "BROKEN\t%s: %s\n", i, r.Examples[i])
	}
	if len(r.Broken) == 0 {
		fmt.Fprintln(table, "Broken invariants\tnone")
	}
	return table.Flush()
}

func (s Spread) String() string {
	return fmt.Sprintf("p50 %.0f ms, p90 %.0f ms, at most %.0f ms (%d)", s.P50, s.P90, s.Max, s.Count)
}
