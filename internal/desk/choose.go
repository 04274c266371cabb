package desk

import (
	"cmp"
	"slices"
	"time"
)

// The passes, in the order in which they open for a conversation as it grows older. Each gives it to
// agents to whom the ones before do not.
const (
	Preferred  Pass = "preferred" // to the agent who goes first
	Matched    Pass = "matched"   // to agents with the skill
	Relaxed    Pass = "relaxed"   // to agents without it who keep free slots
	Overflowed Pass = "overflow"  // to agents of the skill's fallback department
	Opened     Pass = "open"      // to any agent of either department
)

// ageOfPriority is how much older each step of priority makes a conversation, when it is compared with
// others.
const ageOfPriority = time.Minute

// waiting is a conversation in the queue, as far as dispatch looks at it.
type waiting struct {
	id         string
	number     int64
	version    int64
	lane       string // what it shares with others that differ in age alone
	requester  string
	skill      string
	department string
	priority   int
	queuedAt   time.Time
	preferred  string
	until      time.Time // when the preferred one goes first no more
	last       string    // who held it last
	excluded   []string
}

// before tells which of two conversations has waited longer, priority counted in.
func (w *waiting) before(other *waiting) int {
	return cmp.Or(
		w.rank().Compare(other.rank()),
		cmp.Compare(w.number, other.number),
	)
}

func (w *waiting) rank() time.Time {
	return w.queuedAt.Add(-time.Duration(w.priority) * ageOfPriority)
}

// candidate is an agent who might be given a conversation.
type candidate struct {
	slot
	skills []string
}

// before tells which of two agents has less to do, in proportion to what they may, or has waited longer.
func (a *candidate) before(other *candidate) int {
	return cmp.Or(
		cmp.Compare(a.load*other.limit, other.load*a.limit),
		a.lastAssigned.Compare(other.lastAssigned),
		cmp.Compare(a.agent, other.agent),
	)
}

// patience is how long conversations with a skill wait for which agents.
type patience struct {
	Ages
	fallback string // department; "" for none
}

// scene is all that a choice depends on. The choice itself reads nothing and changes nothing.
type scene struct {
	now     time.Time
	reserve int
	usual   patience            // of conversations without a skill
	skills  map[string]patience // by skill
	agents  []*candidate
	queue   []*waiting
	lanes   []*laneRead     // of the queue, as far as they were read
	gone    map[string]bool // conversations that were given in this scene

	fits    func(agent, department string) bool // works in the department or below it
	mayHold func(agent string, w *waiting) bool // holding it, might change it
}

// choice is a conversation and the agent who is to have it.
type choice struct {
	*waiting
	agent string
	pass  Pass
}

// choose returns who is to be given what next; false when nobody can be given anything.
//
// What everybody may be given who has the skill comes first, and with it what has waited so long that the
// skill counts no more: taken together by age, so that nothing old is overtaken. Only when that finds
// nobody agents get what is not theirs, so that none misses what is for the sake of what is not.
func (s *scene) choose() (choice, bool) {
	slices.SortFunc(s.queue, (*waiting).before)
	slices.SortFunc(s.agents, (*candidate).before)
	for round := range rounds {
		for _, w := range s.queue {
			if agent, pass := s.best(w, round); agent != nil {
				return choice{waiting: w, agent: agent.agent, pass: pass}, true
			}
		}
	}
	return choice{}, false
}

// best returns the agent for a conversation in a round; nil for nobody. Agents are sorted already.
func (s *scene) best(w *waiting, round int) (best *candidate, pass Pass) {
	if s.held(w) {
		return nil, ""
	}
	for _, a := range s.agents {
		v := s.glance(w, a)
		if v.why == "" && v.round == round && (best == nil || v.pass.closer(pass)) && s.mayHold(a.agent, w) {
			best, pass = a, v.pass
		}
	}
	return best, pass
}

// closer tells whether an agent by this pass goes before one by the other, however much they have to do:
// the preferred one, then those with the skill.
func (p Pass) closer(other Pass) bool { return closeness[p] < closeness[other] }

var closeness = map[Pass]int{Preferred: 0, Matched: 1, Relaxed: 2, Overflowed: 3, Opened: 4}

// held tells whether a conversation waits for the agent who goes first: while they are there and have no
// room. Whoever is away, or could not have it, is not waited for; and nothing waits that is so old that
// everybody may have it.
func (s *scene) held(w *waiting) bool {
	if w.preferred == "" || !s.now.Before(w.until) || s.age(w) >= s.patience(w).Open {
		return false
	}
	for _, a := range s.agents {
		if a.agent == w.preferred {
			return s.glance(w, a).why == Full && s.suits(w, a)
		}
	}
	return false
}

// suits tells whether the agent could have the conversation as the one who goes first, had they room.
func (s *scene) suits(w *waiting, a *candidate) bool {
	roomy := *a
	roomy.limit = a.load + 1
	return s.judge(w, &roomy).pass == Preferred
}

// deadline is when a conversation opens for further agents if nothing else happens; zero for never.
func (s *scene) deadline() (next time.Time) {
	for _, w := range s.queue {
		p := s.patience(w)
		for _, at := range []time.Time{w.until, w.queuedAt.Add(p.Relax), w.queuedAt.Add(p.Overflow), w.queuedAt.Add(p.Open)} {
			if at.After(s.now) && (next.IsZero() || at.Before(next)) {
				next = at
			}
		}
	}
	return next
}

func (s *scene) age(w *waiting) time.Duration { return s.now.Sub(w.queuedAt) }

func (s *scene) patience(w *waiting) patience {
	if p, known := s.skills[w.skill]; known {
		return p
	}
	return s.usual
}
