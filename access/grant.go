package access

import (
	"encoding/json"
	"iter"
	"maps"
	"slices"
	"time"
)

// A Grant is one permission in a subject's hands.
type Grant struct {
	Permission
	From        string   // the role's name, or "permissions" for the user's own list
	Assignment  string   // the id of the assignment, where it has one
	Departments []string // at scope department: what it reaches, expanded and sorted; else nil
}

// MarshalJSON writes the whole grant, which would otherwise inherit the text
// form of its permission.
func (g Grant) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Permission  Permission `json:"permission"`
		From        string     `json:"from,omitempty"`
		Assignment  string     `json:"assignment,omitempty"`
		Departments []string   `json:"departments,omitempty"`
	}{g.Permission, g.From, g.Assignment, g.Departments})
}

// Subsumes reports whether g allows whatever h allows: its permission subsumes
// h's and, where g has scope department, it reaches all that h reaches.
func (g Grant) Subsumes(h Grant) bool {
	if !g.Permission.Subsumes(h.Permission) {
		return false
	}
	return g.Scope != Departmental || contains(g.Departments, h.Departments)
}

// contains reports whether the sorted set has every element of part.
func contains(set, part []string) bool {
	for _, id := range part {
		if _, found := slices.BinarySearch(set, id); !found {
			return false
		}
	}
	return true
}

// Grants returns the subject's grants in force, in the order of their sources
// and, within one, of their canonical strings.
func (s Subject) Grants(at time.Time) []Grant {
	var grants []Grant
	for _, h := range s.inForce(at) {
		grants = h.appendGrants(grants)
	}
	return grants
}

// PotentialGrants returns what the subject would have if tenant, user and
// roles were active and nothing had expired, both with and without the user's
// own list. Whoever may touch the user must measure up to these, since
// enabling the user brings them back.
func (s Subject) PotentialGrants() []Grant {
	var grants []Grant
	if s.user == nil {
		return nil
	}
	for h := range s.user.assigned {
		grants = h.appendGrants(grants)
	}
	return grants
}

func (h *held) appendGrants(grants []Grant) []Grant {
	for _, p := range h.role.permissions {
		g := Grant{Permission: p, From: h.role.name}
		if h.assignment != nil {
			g.Assignment = h.assignment.ID
		}
		if p.Scope == Departmental {
			g.Departments = slices.Clone(h.reach.ids)
		}
		grants = append(grants, g)
	}
	return grants
}

// Lacks returns those of the grants that no single grant of the subject in
// force subsumes, in their order: what the subject may neither give to anybody
// nor take from anybody. *:*:all is subsumed by itself alone, and several
// grants that cover one together do not add up to it. A grant at scope
// department without departments reaches none, so the caller must fill them
// in, for every holder that the permission is written for.
func (s Subject) Lacks(grants []Grant, at time.Time) []Grant {
	own := s.Grants(at)
	var lacking []Grant
	for _, g := range grants {
		if !slices.ContainsFunc(own, func(o Grant) bool { return o.Subsumes(g) }) {
			lacking = append(lacking, g)
		}
	}
	return lacking
}

// RoleGrants returns what a role grants in the hands of each of its holders,
// as if it were active and nothing had expired; each grant once, whoever holds
// it. Where nobody holds the role, its department scopes reach nothing.
func (s *Snapshot) RoleGrants(name string) []Grant {
	r := s.roles[name]
	if r == nil {
		return nil
	}
	var grants []Grant
	for i, reached := range s.reachesOf(r) {
		h := held{role: r, reach: reached}
		for _, g := range h.appendGrants(nil) {
			if i == 0 || g.Scope == Departmental {
				grants = append(grants, g)
			}
		}
	}
	return grants
}

// reachesOf returns the different reaches that assignments of the role have,
// or an empty one. Equal reaches are shared, so that their addresses compare.
func (s *Snapshot) reachesOf(r *role) []*reach {
	seen := map[*reach]bool{}
	for u := range s.users.all() {
		for h := range u.assigned {
			if h.role == r {
				seen[h.reach] = true
			}
		}
	}
	if len(seen) == 0 {
		return []*reach{{}}
	}
	return slices.SortedFunc(maps.Keys(seen), func(a, b *reach) int { return slices.Compare(a.ids, b.ids) })
}

// Administrators returns the ids of the active users who hold *:*:all without
// expiry, through an active role or their own list, sorted. One of them must
// always remain. Whether the tenant is suspended makes no difference.
func (s *Snapshot) Administrators() []string { return slices.Clone(s.administrators) }

// administrators returns the ids of those among the users, sorted.
func administrators(users iter.Seq[*user]) []string {
	var ids []string
	for u := range users {
		if u.data.Active && slices.ContainsFunc(u.held, func(h held) bool { return h.administers() }) {
			ids = append(ids, u.id)
		}
	}
	slices.Sort(ids)
	return ids
}

func (h *held) administers() bool {
	return h.active && !h.expires && slices.Contains(h.role.permissions, Permission{Any, Any, All})
}
