package access

import (
	"slices"
	"strings"
)

// A Pair is one user in two snapshots of a tenant. In the one that does not
// have the user it is the zero Subject.
type Pair struct {
	ID            string
	Before, After Subject
	Written       bool // false: the user's own data is the same, and what has changed lies around it
}

// Compare returns the users who may stand differently in two snapshots of a
// tenant, in the order of their ids. Where one has come from the other by
// [Snapshot.With], in however many steps, these are the users whom the changes
// have touched, and everybody else is the same in every answer; otherwise they
// are all there are. A nil Snapshot has nobody.
func Compare(before, after *Snapshot) []Pair {
	var pairs []Pair
	for _, id := range differing(before.roster(), after.roster()) {
		p := Pair{ID: id, Before: before.subject(id), After: after.subject(id)}
		p.Written = p.Before.user == nil || p.After.user == nil || p.Before.user.data != p.After.user.data
		pairs = append(pairs, p)
	}
	return pairs
}

func (s *Snapshot) subject(id string) Subject {
	if s == nil {
		return Subject{}
	}
	found, _ := s.Subject(id)
	return found
}

func (s *Snapshot) roster() *roster {
	if s == nil {
		nobody := newRoster(0)
		return &nobody
	}
	return &s.users
}

// differing returns the ids, sorted, under which two rosters do not have the
// same user. Where they stand on the same base, only what lies over it is
// looked at.
func differing(a, b *roster) []string {
	var ids []string
	note := func(s seat) bool {
		id := s.user.id
		if a.find(id) != b.find(id) {
			ids = append(ids, id)
		}
		return true
	}
	if &a.base.seats[0] == &b.base.seats[0] {
		a.recent.all(note)
		b.recent.all(note)
	} else {
		a.seats(note)
		b.seats(note)
	}
	slices.SortFunc(ids, strings.Compare)
	return slices.Compact(ids)
}
