package access

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// A Difference says how a change of policy changes what one subject may do.
// All lists are sorted by canonical strings, and must not be changed: subjects
// who differ in the same way share them.
type Difference struct {
	Subject     string       // the user's id
	Gained      []Permission // in force after and not before, also where another subsumes it
	Lost        []Permission // in force before and not after
	ReachGained []Reach      // department scopes that reach further than before
	ReachLost   []Reach      // department scopes that reach less far
}

// A Reach says which departments a permission of scope department reaches,
// through whichever grants.
type Reach struct {
	Permission  Permission
	Departments []string // expanded, sorted, never empty
}

// Preview returns the subjects who differ between two snapshots of a tenant at
// an instant, in the order of their ids. Who is in one alone holds nothing in
// the other; a nil Snapshot has nobody. The reach of a permission that is
// itself gained or lost is told with it.
func Preview(before, after *Snapshot, at time.Time) []Difference {
	var differences []Difference
	known := map[string]Difference{} // of many holders of a role few differ in a way of their own
	for _, pair := range Compare(before, after) {
		how := string(pair.After.appendHeld(pair.Before.appendHeld(nil, at), at))
		d, seen := known[how]
		if !seen {
			d = pair.difference(at)
			known[how] = d
		}
		d.Subject = pair.ID
		if len(d.Gained)+len(d.Lost)+len(d.ReachGained)+len(d.ReachLost) > 0 {
			differences = append(differences, d)
		}
	}
	return differences
}

func (p Pair) difference(at time.Time) (d Difference) {
	old, now := p.Before.standing(at), p.After.standing(at)
	d.Gained, d.ReachGained = now.beyond(old)
	d.Lost, d.ReachLost = old.beyond(now)
	return d
}

// appendHeld appends which roles the subject holds with which reach. Those who
// share both hold the same.
func (s Subject) appendHeld(text []byte, at time.Time) []byte {
	for _, h := range s.inForce(at) {
		text = fmt.Appendf(text, "%p %p,", h.role, h.reach)
	}
	return append(text, ';')
}

// GainedGrants returns what the change brings into force for the subject, to
// be held against what its author lacks: see [Subject.Lacks]. A department
// scope that is gained without reaching anything is among them, since it still
// covers what is the subject's own.
func (d Difference) GainedGrants() []Grant {
	var grants []Grant
	for _, p := range d.Gained {
		if !slices.ContainsFunc(d.ReachGained, func(r Reach) bool { return r.Permission == p }) {
			grants = append(grants, Grant{Permission: p})
		}
	}
	for _, r := range d.ReachGained {
		grants = append(grants, Grant{Permission: r.Permission, Departments: r.Departments})
	}
	return grants
}

// A standing is what somebody holds at an instant: an entry for every
// permission, with the departments that one of scope department reaches.
type standing map[Permission]map[string]bool

func (s Subject) standing(at time.Time) standing {
	held := standing{}
	for _, h := range s.inForce(at) {
		for _, p := range h.role.permissions {
			held.add(p, h.reach)
		}
	}
	return held
}

func (st standing) add(p Permission, r *reach) {
	if p.Scope != Departmental {
		st[p] = nil
		return
	}
	if st[p] == nil {
		st[p] = map[string]bool{}
	}
	for _, id := range r.ids {
		st[p][id] = true
	}
}

// beyond returns what st has and other has not.
func (st standing) beyond(other standing) (permissions []Permission, reaches []Reach) {
	for _, p := range slices.SortedFunc(maps.Keys(st), Permission.compare) {
		if _, both := other[p]; !both {
			permissions = append(permissions, p)
		}
		further := Reach{Permission: p}
		for id := range st[p] {
			if !other[p][id] {
				further.Departments = append(further.Departments, id)
			}
		}
		if further.Departments != nil {
			slices.Sort(further.Departments)
			reaches = append(reaches, further)
		}
	}
	return permissions, reaches
}
