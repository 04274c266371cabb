package desk

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var noon = time.Date(2030, 5, 1, 12, 0, 0, 0, time.UTC)

// places are departments of these tests, each with the one above it.
var places = map[string]string{"it": "", "net": "it", "office": ""}

// plain is a scene as data, small enough that everything in it meets.
type plain struct {
	scene
	departments map[string][]string // of agents
	barred      map[string]bool     // agents who may change nothing
}

// drawScene draws up to so many agents and conversations. The conversations share a few lanes.
func drawScene(t *rapid.T, agents, queue int) *plain {
	p := &plain{departments: map[string][]string{}, barred: map[string]bool{}}
	p.now, p.reserve = noon, rapid.IntRange(0, 2).Draw(t, "reserve")
	p.usual = drawPatience(t)
	p.skills = map[string]patience{"computer": drawPatience(t), "network": drawPatience(t)}
	for i := range rapid.IntRange(1, agents).Draw(t, "agents") {
		p.agents = append(p.agents, p.drawAgent(t, fmt.Sprint("a", i)))
	}
	lanes := rapid.SliceOfN(rapid.Custom(drawLane), 1, 3).Draw(t, "lanes")
	for i := range rapid.IntRange(1, queue).Draw(t, "waiting") {
		p.queue = append(p.queue, drawWaiting(t, i, rapid.SampledFrom(lanes).Draw(t, "lane")))
	}
	p.fits = func(agent, department string) bool {
		return slices.ContainsFunc(p.departments[agent], func(d string) bool { return within(d, department) })
	}
	p.mayHold = func(agent string, w *waiting) bool { return !p.barred[agent] }
	return p
}

func within(d, other string) bool {
	for ; d != ""; d = places[d] {
		if d == other {
			return true
		}
	}
	return false
}

func drawPatience(t *rapid.T) patience {
	second := func(label string) time.Duration {
		return time.Duration(rapid.SampledFrom([]int{0, 120, 300, 900}).Draw(t, label)) * time.Second
	}
	return patience{
		Ages:     Ages{Relax: second("relax"), Overflow: second("overflow"), Open: second("open")},
		fallback: rapid.SampledFrom([]string{"", "it", "office"}).Draw(t, "fallback"),
	}
}

func (p *plain) drawAgent(t *rapid.T, id string) *candidate {
	some := func(of []string, label string) []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(of), 0, 2, rapid.ID).Draw(t, label)
	}
	p.departments[id] = some([]string{"it", "net", "office"}, "departments")
	p.barred[id] = rapid.IntRange(0, 9).Draw(t, "barred") == 0
	limit := rapid.IntRange(1, 4).Draw(t, "limit")
	return &candidate{skills: some([]string{"computer", "network"}, "skills"), slot: slot{
		agent: id, limit: limit, load: rapid.IntRange(0, limit+1).Draw(t, "load"),
		status:       rapid.SampledFrom([]string{Online, Online, Online, Online, Online, Online, Online, Busy, Offline}).Draw(t, "status"),
		connected:    rapid.IntRange(0, 9).Draw(t, "connected") > 0,
		lastAssigned: noon.Add(-time.Duration(rapid.IntRange(0, 2).Draw(t, "idle")) * time.Minute),
	}}
}

// drawLane draws what conversations have in common that differ in age alone.
func drawLane(t *rapid.T) waiting {
	w := waiting{
		skill:      rapid.SampledFrom([]string{"", "computer", "network"}).Draw(t, "skill"),
		department: rapid.SampledFrom([]string{"", "it", "net"}).Draw(t, "department"),
		priority:   rapid.IntRange(0, 1).Draw(t, "priority"),
	}
	w.lane = fmt.Sprint(w.skill, "/", w.department, "/", w.priority)
	return w
}

func drawWaiting(t *rapid.T, i int, w waiting) *waiting {
	agent := rapid.SampledFrom([]string{"", "a0", "a1", "a2", "a3"})
	w.id, w.number, w.requester = fmt.Sprint("c", i), int64(i), rapid.SampledFrom([]string{"", "", "", "a0"}).Draw(t, "requester")
	w.queuedAt = noon.Add(-time.Duration(rapid.IntRange(0, 20).Draw(t, "age")) * time.Minute)
	w.preferred, w.last = agent.Draw(t, "preferred"), agent.Draw(t, "last")
	w.until = noon.Add(time.Duration(rapid.SampledFrom([]int{-1, 1, 1}).Draw(t, "until")) * 20 * time.Second)
	if excluded := agent.Draw(t, "excluded"); rapid.IntRange(0, 3).Draw(t, "unanswered") == 0 {
		w.excluded = []string{excluded}
	}
	return &w
}

// pair is a conversation and an agent who may be given it, as a naive reading of the rules has it.
type pair struct {
	w     *waiting
	a     *candidate
	pass  Pass
	round int
}

// pairs asks every rule of every agent and every conversation.
func (p *plain) pairs() (all []pair) {
	for _, w := range p.queue {
		for _, a := range p.agents {
			if pass, round, ok := p.mayHave(w, a); ok && a.load < a.limit && !p.waitsForAnother(w) {
				all = append(all, pair{w, a, pass, round})
			}
		}
	}
	return all
}

func (p *plain) times(w *waiting) patience {
	if w.skill == "" {
		return p.usual
	}
	return p.skills[w.skill]
}

// mayHave says by which pass, whether or not the agent has room.
func (p *plain) mayHave(w *waiting, a *candidate) (Pass, int, bool) {
	there := a.status == Online && a.connected
	able := !p.barred[a.agent] && a.agent != w.requester && !slices.Contains(w.excluded, a.agent)
	age := noon.Sub(w.queuedAt)
	inside := w.department == ""
	helps := false
	for _, d := range p.departments[a.agent] {
		inside = inside || within(d, w.department)
		helps = helps || within(d, p.times(w).fallback) && p.times(w).fallback != ""
	}
	helps = helps && age >= p.times(w).Overflow
	skilled := w.skill == "" || slices.Contains(a.skills, w.skill)
	relaxed := age >= p.times(w).Relax && a.limit-a.load-1 >= p.reserve
	if !there || !able {
		return "", 0, false
	}
	switch {
	case inside && a.agent == w.preferred && noon.Before(w.until) && (skilled || w.last == a.agent):
		return Preferred, 0, true
	case inside && skilled:
		return Matched, 0, true
	case (inside || helps) && age >= p.times(w).Open:
		return Opened, 0, true
	case inside && relaxed:
		return Relaxed, 1, true
	case !inside && helps && skilled:
		return Overflowed, 2, true
	case !inside && helps && relaxed:
		return Overflowed, 3, true
	}
	return "", 0, false
}

// waitsForAnother tells whether the agent who goes first is there, could have the conversation, and has no
// room for it.
func (p *plain) waitsForAnother(w *waiting) bool {
	if noon.Sub(w.queuedAt) >= p.times(w).Open {
		return false
	}
	for _, a := range p.agents {
		if a.agent == w.preferred && a.load >= a.limit {
			pass, _, ok := p.mayHave(w, a)
			return ok && pass == Preferred
		}
	}
	return false
}

// first is the pair that goes before all others.
func first(all []pair) (best pair, found bool) {
	for i, one := range all {
		order := cmp.Or(
			cmp.Compare(one.round, best.round),
			func() int {
				if best.w == nil {
					return -1
				}
				return cmp.Or(one.w.rank().Compare(best.w.rank()), cmp.Compare(one.w.number, best.w.number),
					cmp.Compare(slices.Index(nearest, one.pass), slices.Index(nearest, best.pass)),
					cmp.Compare(float64(one.a.load)/float64(one.a.limit), float64(best.a.load)/float64(best.a.limit)),
					one.a.lastAssigned.Compare(best.a.lastAssigned), cmp.Compare(one.a.agent, best.a.agent))
			}(),
		)
		if i == 0 || order < 0 {
			best = one
		}
	}
	return best, len(all) > 0
}

var nearest = []Pass{Preferred, Matched, Relaxed, Overflowed, Opened}

func TestChoiceIsThatOfTheNaiveReading(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawScene(t, 4, 7)
		want, any := first(p.pairs())
		got, found := p.choose()
		switch {
		case found != any:
			t.Fatalf("found %v, want %v: %+v", found, any, want)
		case found && (got.waiting != want.w || got.agent != want.a.agent || got.pass != want.pass):
			t.Fatalf("%s to %s by %s, want %s to %s by %s", got.id, got.agent, got.pass, want.w.id, want.a.agent, want.pass)
		}
	})
}

// However many wait: what is read of each lane tells as much as all of them, and goes on telling while one after
// the other is given.
func TestWhatIsReadTellsAsMuchAsTheQueue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawScene(t, 4, 9)
		whole := p.scene
		all, heads := slices.Clone(whole.queue), whole.heads()
		p.queue, p.gone = nil, map[string]bool{}
		p.begin(heads)
		for n := 0; ; n++ {
			p.readOn(all, rapid.IntRange(1, 3).Draw(t, "page"))
			want, any := whole.choose()
			got, found := p.choose()
			if found != any || found && (got.id != want.id || got.agent != want.agent || got.pass != want.pass) {
				t.Fatalf("choice %d: what was read says %v %+v, the queue %v %+v", n, found, got, any, want)
			}
			if !found {
				return
			}
			whole.queue = slices.DeleteFunc(whole.queue, func(w *waiting) bool { return w.id == got.id })
			p.given(got) // the agents are the same
		}
	})
}

// readOn reads pages of lanes as long as it must.
func (p *plain) readOn(all []*waiting, page int) {
	slices.SortFunc(all, (*waiting).before)
	for _, l := range p.lanes {
		for !p.knows(l) {
			var behind []*waiting
			for _, w := range all {
				if w.lane == l.last.lane && l.last.before(w) < 0 {
					behind = append(behind, w)
				}
			}
			n := min(page, len(behind))
			p.extend(l, behind[:n], n < page)
		}
	}
}

// heads is what is read of the queue to begin with.
func (s *scene) heads() (heads []*waiting) {
	slices.SortFunc(s.queue, (*waiting).before)
	done := map[string]bool{}
	for _, w := range s.queue {
		preferring := noon.Before(w.until) && slices.ContainsFunc(s.agents, func(a *candidate) bool { return a.agent == w.preferred })
		if preferring {
			heads = append(heads, w)
		}
		if !done[w.lane] {
			heads = append(heads, w)
		}
		done[w.lane] = true
	}
	return heads
}

func TestNothingOldIsOvertaken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawScene(t, 4, 7)
		got, found := p.choose()
		if !found {
			return
		}
		for _, one := range p.pairs() {
			if one.a.agent == got.agent && noon.Sub(one.w.queuedAt) >= p.times(one.w).Open && one.w.rank().Before(got.rank()) {
				t.Fatalf("%s, which anybody may have, is overtaken by %s on the way to %s", one.w.id, got.id, got.agent)
			}
		}
	})
}

func TestMatchedGoesBeforeRelaxed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawScene(t, 4, 7)
		got, found := p.choose()
		if !found || got.pass != Relaxed && got.pass != Overflowed {
			return
		}
		for _, one := range p.pairs() {
			if one.pass == Matched && (one.a.agent == got.agent || one.w == got.waiting) {
				t.Fatalf("%s goes to %s by %s, while %s matches %s", got.id, got.agent, got.pass, one.a.agent, one.w.id)
			}
		}
	})
}

// Nothing opens between now and the deadline: to look again before it would find what stands.
func TestNothingOpensBeforeTheDeadline(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawScene(t, 2, 2)
		if _, found := p.choose(); found {
			return
		}
		deadline := p.deadline()
		p.now = p.now.Add(time.Duration(rapid.IntRange(0, 1300).Draw(t, "later")) * time.Second)
		if !deadline.IsZero() && !p.now.Before(deadline) {
			return
		}
		if got, found := p.choose(); found {
			t.Fatalf("%s opens for %s at %v, before the deadline %v", got.id, got.agent, p.now, deadline)
		}
	})
}

// The agent who goes first is waited for while they are there and full, until their time is over; while
// they are away somebody else has it at once.
func TestThePreferredAgentIsWaitedForWhileTheyAreThere(t *testing.T) {
	for _, c := range []struct {
		what   string
		change func(first *candidate, w *waiting)
		want   string // who gets it now; "" when it waits
	}{
		{"free", func(first *candidate, w *waiting) { first.load = 0 }, "first"},
		{"full", func(*candidate, *waiting) {}, ""},
		{"busy", func(first *candidate, w *waiting) { first.status = Busy }, "second"},
		{"not connected", func(first *candidate, w *waiting) { first.connected = false }, "second"},
		{"full and without the skill", func(first *candidate, w *waiting) { first.skills = nil }, "second"},
		{"full, without the skill, who held it last", func(first *candidate, w *waiting) { first.skills, w.last = nil, "first" }, ""},
		{"full and passed over", func(first *candidate, w *waiting) { w.excluded = []string{"first"} }, "second"},
		{"full, too late", func(first *candidate, w *waiting) { w.until = noon }, "second"},
		{"full, while anybody may have it", func(first *candidate, w *waiting) { w.queuedAt = noon.Add(-time.Hour) }, "second"},
	} {
		t.Run(c.what, func(t *testing.T) {
			agent := func(id string, load int) *candidate {
				return &candidate{slot: slot{agent: id, status: Online, connected: true, load: load, limit: 3}, skills: []string{"network"}}
			}
			s := &scene{
				now: noon, usual: patience{Ages: Ages{Relax: time.Hour, Overflow: time.Hour, Open: time.Hour}}, agents: []*candidate{agent("first", 3), agent("second", 2)},
				queue:   []*waiting{{id: "c", skill: "network", queuedAt: noon, preferred: "first", until: noon.Add(30 * time.Second)}},
				mayHold: func(string, *waiting) bool { return true },
			}
			c.change(s.agents[0], s.queue[0])
			if got, _ := s.choose(); got.agent != c.want {
				t.Fatalf("given to %q, want %q", got.agent, c.want)
			}
			if c.want == "" && !s.deadline().Equal(s.queue[0].until) {
				t.Errorf("the next deadline is %v", s.deadline())
			}
		})
	}
}
