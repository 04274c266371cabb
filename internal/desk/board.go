package desk

import (
	"slices"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/calendar"
)

// figures are what the board of a tenant is made of, read at one instant. They depend on nobody who looks:
// however many follow a board, with whatever scopes, one reading serves all of them.
type figures struct {
	at          time.Time
	day         calendar.Day // on the tenant's clocks, at that instant
	skills      []laneSkill
	departments map[string]string // names by id
	fallback    string            // the department of skills that have none; "" for none
	waiting     []laneWait
	open        []openCount
	today       []dayCount
	agents      []boardAgent
}

// openCount counts the conversations of a department, "" for none, in a state in which somebody has
// something to do. Those that wait for an agent are counted by lane.
type openCount struct {
	department string
	state      State
	count      int64
}

// seenBy is the board as the subject sees it at an instant. It shows what their dashboard:read covers, and
// by name only agents whom their agent:read covers too. Whoever may see nothing sees an empty board.
func (f *figures) seenBy(subject access.Subject, now time.Time) boardJSON {
	v := sightOf(subject, now)
	b := boardJSON{At: f.at, Today: f.todaySeen(v), Tiles: f.tiles(v), Agents: []boardAgentJSON{}}
	for _, w := range f.waiting {
		if v.in(w.department) {
			b.Waiting.add(w)
		}
	}
	b.Open.Queued = b.Waiting.Count
	for _, o := range f.open {
		if v.in(o.department) {
			b.Open.add(o)
		}
	}
	for i := range f.agents {
		a := &f.agents[i]
		if !v.shows(a.departments...) {
			continue
		}
		b.Groups.add(a)
		b.Slots.add(a)
		if v.names(a) {
			b.Agents = append(b.Agents, a.json(f))
		}
	}
	return b
}

// todaySeen adds up the departments that the reader sees.
func (f *figures) todaySeen(v sight) todayJSON {
	var sum dayCount
	for _, d := range f.today {
		if v.in(d.department) {
			sum.add(d)
		}
	}
	return sum.json(f.day)
}

// skillName is "" for none.
func (f *figures) skillName(id string) string {
	i := slices.IndexFunc(f.skills, func(k laneSkill) bool { return k.ID == id })
	if i < 0 {
		return ""
	}
	return f.skills[i].Name
}
