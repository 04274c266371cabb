package virtualdesk

import (
	"slices"
	"testing"
	"time"
)

// at is so many seconds after noon.
func at(seconds int) time.Time {
	return time.Date(2026, 11, 21, 12, 0, seconds, 0, time.UTC)
}

// asked is a conversation about the same as all others here, asked at that second.
func asked(second int, tenures ...tenure) history {
	h := history{tenures: tenures}
	h.Number, h.CreatedAt, h.Skill, h.State = int64(second), at(second), &named{ID: "network"}, "queued"
	if n := len(tenures); n > 0 && tenures[n-1].EndedAt == nil {
		h.State, h.Assignee = "active", &tenures[n-1].Agent
	}
	return h
}

// held is that somebody was given a conversation by dispatch, from one second to another; 0 for still.
func held(agent string, from, until int) tenure {
	t := tenure{Agent: named{ID: agent}, How: "dispatch", Pass: "matched", StartedAt: at(from)}
	if until > 0 {
		end := at(until)
		t.EndedAt = &end
	}
	return t
}

// Histories that no server should tell, each found out by what it breaks; and some that only look odd.
func TestHistoriesAreJudged(t *testing.T) {
	forced := held("ann", 6, 0)
	forced.Forced = true
	preferred := held("ann", 20, 0)
	preferred.Pass = "preferred"
	orphan := asked(0, held("ann", 1, 0))
	orphan.Assignee = nil
	left := asked(0)
	left.EndedAt = new(time.Time)
	*left.EndedAt = at(12)
	for name, c := range map[string]struct {
		histories []history
		want      []Invariant
	}{
		"one after the other": {[]history{asked(0, held("ann", 1, 5), held("bob", 5, 0))}, nil},
		"two at once":         {[]history{asked(0, held("ann", 1, 6), held("bob", 5, 0))}, []Invariant{tenuresOverlap}},
		"nobody's":            {[]history{orphan}, []Invariant{heldByNobody}},
		"full":                {[]history{asked(0, held("ann", 1, 0)), asked(1, held("ann", 2, 30)), asked(2, held("ann", 31, 0))}, nil},
		"one too many": {[]history{asked(0, held("ann", 1, 0)), asked(1, held("ann", 2, 0)), asked(2, held("ann", 6, 0))},
			[]Invariant{overLimit}},
		"one too many by force":                           {[]history{asked(0, held("ann", 1, 0)), asked(1, held("ann", 2, 0)), asked(2, forced)}, nil},
		"given back while another came":                   {[]history{asked(0, held("ann", 1, 7)), asked(1, held("ann", 2, 0)), asked(2, held("ann", 6, 0))}, nil},
		"to somebody who had gone home":                   {[]history{asked(99, held("cat", 110, 0))}, []Invariant{offlineAssigned}},
		"to somebody who is back":                         {[]history{asked(120, held("cat", 130, 0))}, nil},
		"the younger one first":                           {[]history{asked(0, held("bob", 20, 0)), asked(9, held("ann", 15, 0))}, []Invariant{overtaken}},
		"the younger one while the older one still waits": {[]history{asked(0), asked(9, held("ann", 15, 0))}, []Invariant{overtaken}},
		"the younger one after the older one has left":    {[]history{left, asked(9, held("ann", 15, 0))}, nil},
		"the younger one to whom it knows":                {[]history{asked(0), asked(9, preferred)}, nil},
		"nearly as old":                                   {[]history{asked(8, held("bob", 20, 0)), asked(9, held("ann", 15, 0))}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := &desk{}
			for _, name := range []string{"ann", "bob", "cat"} {
				d.agents = append(d.agents, &agent{person: &person{id: name, part: asAgent, messenger: &messenger{desk: d}}, limit: 2})
			}
			d.agents[2].statuses = []statusAt{{"online", at(0)}, {"offline", at(100)}, {"online", at(125)}}
			for i := range c.histories {
				d.checkTenures(&c.histories[i])
			}
			d.checkLimits(c.histories)
			d.checkOrder(c.histories)
			if got := d.names(); !slices.Equal(got, c.want) && len(got)+len(c.want) > 0 {
				t.Errorf("%q broke, want %q", got, c.want)
			}
		})
	}
}
