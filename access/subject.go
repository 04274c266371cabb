package access

import (
	"maps"
	"slices"
	"time"
)

// A Subject is a user of a compiled tenant, of whom everything can be asked.
// It is small and stays valid; what it answers is as old as its [Snapshot].
// The zero Subject holds nothing.
type Subject struct {
	snapshot *Snapshot
	user     *user
}

// Subject finds a user of the tenant, active or not.
func (s *Snapshot) Subject(id string) (Subject, bool) {
	u := s.users.find(id)
	if u == nil {
		return Subject{}, false
	}
	return Subject{s, u}, true
}

// Subjects returns the tenant's users in the order of their ids.
func (s *Snapshot) Subjects() []Subject {
	users := s.users.sorted()
	list := make([]Subject, len(users))
	for i, u := range users {
		list[i] = Subject{s, u}
	}
	return list
}

// Tenant returns the policy as a copy, with roles and users in the order of
// their names and ids. See [Snapshot.With] for a policy that differs in little.
func (s *Snapshot) Tenant() Tenant {
	t := s.tenant
	t.Departments = slices.Clone(t.Departments)
	for _, name := range s.RoleNames() {
		t.Roles = append(t.Roles, s.roles[name].data.clone())
	}
	for _, u := range s.users.sorted() {
		t.Users = append(t.Users, u.data.clone())
	}
	return t
}

// TenantID returns the id of the tenant.
func (s *Snapshot) TenantID() string { return s.tenant.ID }

// Suspended reports whether everybody in the tenant holds nothing.
func (s *Snapshot) Suspended() bool { return s.tenant.Suspended }

// Catalogue returns the catalogue that the tenant was compiled with.
func (s *Snapshot) Catalogue() *Catalogue { return s.catalogue }

// Role returns a copy of one role.
func (s *Snapshot) Role(name string) (Role, bool) {
	r := s.roles[name]
	if r == nil {
		return Role{}, false
	}
	return r.data.clone(), true
}

// RoleNames returns the names of the tenant's roles, sorted.
func (s *Snapshot) RoleNames() []string { return slices.Sorted(maps.Keys(s.roles)) }

// Reach returns the departments and all below them, sorted. Those that the
// tenant does not have are left out.
func (s *Snapshot) Reach(departments []string) []string {
	known := slices.DeleteFunc(slices.Clone(departments), func(id string) bool {
		_, ok := s.forest.children[id]
		return !ok
	})
	return newReach(s.forest.below(known)).ids
}

// ID returns the user's id; it is empty for the zero Subject.
func (s Subject) ID() string {
	if s.user == nil {
		return ""
	}
	return s.user.id
}

// Snapshot returns what the subject belongs to; nil for the zero Subject.
func (s Subject) Snapshot() *Snapshot { return s.snapshot }

// User returns a copy of the policy's data about the user.
func (s Subject) User() User {
	if s.user == nil {
		return User{}
	}
	return s.user.data.clone()
}

// Roles returns the names of the roles that count at an instant, sorted, each
// once. They are none where the user's own list decides.
func (s Subject) Roles(at time.Time) []string {
	names := []string{}
	for _, h := range s.inForce(at) {
		if h.role.name != listName {
			names = append(names, h.role.name)
		}
	}
	return slices.Compact(names)
}

// barred returns why the subject holds nothing at all, or an empty Reason.
func (s Subject) barred() Reason {
	if s.user == nil {
		return SubjectInactive
	}
	return s.user.barred
}

// inForce returns what counts at an instant, sorted by source.
func (s Subject) inForce(at time.Time) []*held {
	if s.barred() != "" {
		return nil
	}
	var list []*held
	for i := range s.user.held {
		if h := &s.user.held[i]; h.inForce(at) {
			list = append(list, h)
		}
	}
	return list
}
