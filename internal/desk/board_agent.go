package desk

import (
	"slices"
	"time"
)

// boardAgent is an agent as far as the board looks at them.
type boardAgent struct {
	slot
	named
	statusAt    time.Time
	skills      []string
	departments []string
	unanswered  time.Time // of the question that has waited longest for an answer of theirs; zero for none
}

// serves tells whether the agent has the skill of the lane, and a department that is the lane's or lies
// below it: reach holds those, sorted.
func (a *boardAgent) serves(l lane, reach []string) bool {
	if l.skill != "" && !slices.Contains(a.skills, l.skill) {
		return false
	}
	return l.department == "" || slices.ContainsFunc(a.departments, func(d string) bool {
		_, found := slices.BinarySearch(reach, d)
		return found
	})
}

// receives tells whether work may come to the agent as soon as a slot of theirs is free.
func (a *boardAgent) receives() bool { return a.status == Online && a.connected }

// add counts the agent in the group that they are in.
func (g *groupsJSON) add(a *boardAgent) {
	switch {
	case a.status == Offline || !a.connected: // whoever is not connected is given nothing, whatever they set
		g.Offline++
	case a.status == Busy:
		g.Busy++
	case a.free():
		g.Free++
	default:
		g.Full++
	}
}

// add counts the slots of agents who receive work.
func (s *slotsJSON) add(a *boardAgent) {
	if a.receives() {
		s.Held += a.load
		s.Total += a.limit
	}
}

func (a *boardAgent) json(f *figures) boardAgentJSON {
	j := boardAgentJSON{
		Agent: a.named, Status: a.status, StatusAt: a.statusAt, Connected: a.connected,
		Load: a.load, MaxLoad: a.limit, Over: a.load > a.limit, Skills: []named{}, UnansweredSince: orNever(a.unanswered),
	}
	for _, k := range f.skills {
		if slices.Contains(a.skills, k.ID) {
			j.Skills = append(j.Skills, k.named)
		}
	}
	return j
}
