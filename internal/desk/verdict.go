package desk

import "slices"

// Why says why an agent cannot be given a conversation.
type Why string

// The reasons, in the order in which they are looked for.
const (
	IsOffline     Why = "offline"
	IsBusy        Why = "busy"
	NotConnected  Why = "not_connected"
	IsRequester   Why = "requester"  // they asked it themselves
	IsExcluded    Why = "excluded"   // it went back from them unanswered
	NotDepartment Why = "department" // they work in others
	Full          Why = "full"
	NotSkill      Why = "skill"      // they lack it, and the conversation is not old enough
	NotReserve    Why = "reserve"    // they lack it, and would keep too few free slots
	NotPermitted  Why = "permission" // they may not take any, or not change this one
)

// rounds is how many times a choice goes through the queue, and asks for more of nobody each time: agents
// with the skill and whoever may have what is old; those without it; the fallback department's with it;
// and those of it without.
const rounds = 4

// verdict is by which pass, and in which round, an agent may be given a conversation now, or why not.
type verdict struct {
	pass  Pass
	round int
	why   Why
}

// judge says what stands between an agent and a conversation. That it may wait for somebody else is not
// considered here.
func (s *scene) judge(w *waiting, a *candidate) verdict {
	v := s.glance(w, a)
	if v.why == "" && !s.mayHold(a.agent, w) {
		return verdict{why: NotPermitted}
	}
	return v
}

// glance is judge without the question of permission, which costs the most.
func (s *scene) glance(w *waiting, a *candidate) verdict {
	if why := a.away(); why != "" {
		return verdict{why: why}
	}
	if why := w.spurns(a); why != "" {
		return verdict{why: why}
	}
	home, away := s.placed(w, a)
	switch {
	case !home && !away:
		return verdict{why: NotDepartment}
	case !a.free():
		return verdict{why: Full}
	}
	return s.pass(w, a, home)
}

// away tells why the agent is given nothing at all, if so.
func (a *candidate) away() Why {
	switch {
	case a.status == Offline:
		return IsOffline
	case a.status == Busy:
		return IsBusy
	case !a.connected:
		return NotConnected
	}
	return ""
}

// spurns tells why this agent of all never gets the conversation, if so.
func (w *waiting) spurns(a *candidate) Why {
	switch {
	case a.agent == w.requester:
		return IsRequester
	case slices.Contains(w.excluded, a.agent):
		return IsExcluded
	}
	return ""
}

// placed tells whether the agent works where the conversation is handled, and whether in the department
// that helps out with it by now.
func (s *scene) placed(w *waiting, a *candidate) (home, away bool) {
	p := s.patience(w)
	home = w.department == "" || s.fits(a.agent, w.department)
	away = !home && p.fallback != "" && s.age(w) >= p.Overflow && s.fits(a.agent, p.fallback)
	return home, away
}

// pass is the verdict on an agent who is there, in the right place, and has room.
func (s *scene) pass(w *waiting, a *candidate, home bool) verdict {
	p, age := s.patience(w), s.age(w)
	matched := w.matches(a)
	first := a.agent == w.preferred && s.now.Before(w.until)
	switch {
	case home && first && (matched || w.last == a.agent):
		return verdict{pass: Preferred}
	case home && matched:
		return verdict{pass: Matched}
	case age >= p.Open:
		return verdict{pass: Opened}
	case matched:
		return verdict{pass: Overflowed, round: 2}
	case age < p.Relax:
		return verdict{why: NotSkill}
	case a.limit-a.load <= s.reserve:
		return verdict{why: NotReserve}
	case home:
		return verdict{pass: Relaxed, round: 1}
	}
	return verdict{pass: Overflowed, round: 3}
}

// matches tells whether the agent has the skill that the conversation needs.
func (w *waiting) matches(a *candidate) bool {
	return w.skill == "" || slices.Contains(a.skills, w.skill)
}
