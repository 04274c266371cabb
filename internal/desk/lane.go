package desk

import "slices"

// laneRead is how far a lane was read. Its conversations have skill, department and priority in common and differ
// in age alone: whoever may be given the younger one may be given the older one too. So not all are read.
type laneRead struct {
	waits []*waiting // of what was read without a gap from the first, what nobody was given
	last  *waiting   // the last that was read
	whole bool       // nothing is behind it
}

// begin takes in the first of every lane, and what stands between and waits for the agents who are here.
func (s *scene) begin(heads []*waiting) {
	s.lanes = nil
	known := map[string]bool{}
	for _, w := range slices.SortedFunc(slices.Values(heads), (*waiting).before) {
		if !known[w.lane] {
			known[w.lane] = true
			s.lanes = append(s.lanes, &laneRead{waits: []*waiting{w}, last: w})
		}
		s.queue = append(s.queue, w)
	}
	s.queue = slices.CompactFunc(s.queue, func(a, b *waiting) bool { return a.id == b.id })
}

// extend takes in what comes next in a lane, and whether nothing is behind it. What stood there already, or was
// given, is not new.
func (s *scene) extend(l *laneRead, page []*waiting, whole bool) {
	for _, w := range page {
		l.last = w
		if s.gone[w.id] {
			continue
		}
		l.waits = append(l.waits, w)
		if !slices.ContainsFunc(s.queue, func(q *waiting) bool { return q.id == w.id }) {
			s.queue = append(s.queue, w)
		}
	}
	l.whole = whole
}

// given makes the scene what it is after a choice was carried out.
func (s *scene) given(c choice) {
	is := func(w *waiting) bool { return w.id == c.id }
	s.queue = slices.DeleteFunc(s.queue, is)
	for _, l := range s.lanes {
		l.waits = slices.DeleteFunc(l.waits, is)
	}
	s.gone[c.id] = true
	for _, a := range s.agents {
		if a.agent == c.agent {
			a.load, a.lastAssigned = a.load+1, s.now
		}
	}
}

// knows tells whether what is behind the last of the lane that was read need not be looked at: there is nothing,
// something that was read stands for it, or nobody here could have it.
func (s *scene) knows(l *laneRead) bool {
	return l.whole || slices.ContainsFunc(l.waits, s.standsForLane) || !s.reaches(l.last)
}

// reaches tells whether anybody here could be given a conversation like this one, if nothing but its lane and
// its age spoke against it. Of one that is younger they can be given no more.
func (s *scene) reaches(w *waiting) bool {
	like := &waiting{skill: w.skill, department: w.department, priority: w.priority, queuedAt: w.queuedAt}
	return slices.ContainsFunc(s.agents, func(a *candidate) bool { return s.glance(like, a).why == "" })
}

// standsForLane tells whether whoever could be given a conversation of its lane that is younger could be
// given this one: then those need not be looked at.
func (s *scene) standsForLane(w *waiting) bool {
	return !s.held(w) && !slices.ContainsFunc(s.agents, func(a *candidate) bool {
		return a.agent == w.requester || slices.Contains(w.excluded, a.agent)
	})
}
