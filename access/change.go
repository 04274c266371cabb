package access

import (
	"fmt"
	"maps"
	"slices"
)

// A Change says what becomes of a policy. What it does not name stays as it
// is.
type Change struct {
	Suspended    *bool        // nil: as it is
	Departments  []Department // the whole forest; nil: as it is
	Roles        []Role       // new ones, or in place of those with their names
	WithoutRoles []string     // their names; one that is not there is none
	Users        []User       // new ones, or in place of those with their ids
	WithoutUsers []string     // their ids; one that is not there is none
}

// With returns the snapshot that [Compile] would make of the changed policy,
// with its errors, at the cost of the change: whoever neither is named nor
// holds a role, nor reaches a department, that has changed is the same in both
// snapshots. Both stay valid. What c names twice, or names and takes away, is
// an error.
func (s *Snapshot) With(c Change) (*Snapshot, error) {
	next := &Snapshot{catalogue: s.catalogue, tenant: s.tenant, roles: s.roles, forest: s.forest}
	if err := next.follow(s, c); err != nil {
		return nil, fmt.Errorf("access: tenant %q: %w", s.tenant.ID, err)
	}
	return next, nil
}

// follow makes s, which is still without users, what becomes of before.
func (s *Snapshot) follow(before *Snapshot, c Change) (err error) {
	if err := c.check(); err != nil {
		return err
	}
	if c.Suspended != nil {
		s.tenant.Suspended = *c.Suspended
	}
	if c.Departments != nil {
		s.tenant.Departments = slices.Clone(c.Departments)
		if s.forest, err = before.forest.moved(s.tenant.Departments); err != nil {
			return err
		}
	}
	if err := s.changeRoles(c); err != nil {
		return err
	}
	touched, err := s.changeUsers(before, c)
	if err != nil {
		return err
	}
	s.users = before.users.with(touched)
	s.administrators = stillAdministrators(before.administrators, touched)
	if s.users.recent.taken == 0 { // they have just been gone through
		s.forest = s.forest.trimmed(s.users.all())
	}
	return nil
}

// changeRoles keeps a role that says what it said before.
func (s *Snapshot) changeRoles(c Change) (err error) {
	if len(c.Roles)+len(c.WithoutRoles) == 0 {
		return nil
	}
	s.roles = maps.Clone(s.roles)
	for _, name := range c.WithoutRoles {
		delete(s.roles, name)
	}
	for _, r := range c.Roles {
		was := s.roles[r.Name]
		if was != nil && was.active == r.Active && slices.Equal(was.data.Permissions, r.Permissions) {
			continue
		}
		if s.roles[r.Name], err = s.compileRole(r.clone()); err != nil {
			return err
		}
	}
	return nil
}

// changeUsers compiles whoever is named or has become stale, and returns them
// with those who have left.
func (s *Snapshot) changeUsers(before *Snapshot, c Change) ([]*user, error) {
	touched, err := s.changeNamed(before, c)
	stale := s.stale(before)
	if err != nil || stale == nil {
		return touched, err
	}
	named := make(map[string]bool, len(touched))
	for _, u := range touched {
		named[u.id] = true
	}
	for u := range before.users.all() {
		if named[u.id] || !stale(u) {
			continue
		}
		if u, err = s.compileUser(u.data); err != nil {
			return nil, err
		}
		touched = append(touched, u)
	}
	return touched, nil
}

func (s *Snapshot) changeNamed(before *Snapshot, c Change) (touched []*user, err error) {
	for _, id := range c.WithoutUsers {
		if before.users.find(id) != nil {
			touched = append(touched, &user{id: id, left: true, data: &User{ID: id}})
		}
	}
	for _, data := range c.Users {
		data = data.clone()
		u, err := s.compileUser(&data)
		if err != nil {
			return nil, err
		}
		touched = append(touched, u)
	}
	return touched, nil
}

// stale returns what tells users of before who must be compiled again although
// nobody has written about them; nil when nobody can be.
func (s *Snapshot) stale(before *Snapshot) func(*user) bool {
	if s.tenant.Suspended != before.tenant.Suspended {
		return func(*user) bool { return true }
	}
	changed := map[*role]bool{}
	for name, r := range before.roles {
		if s.roles[name] != r {
			changed[r] = true
		}
	}
	if len(changed) == 0 && s.forest == before.forest {
		return nil
	}
	kept := s.forest.kept(before.forest)
	return func(u *user) bool {
		stale := !kept[u.departments]
		for h := range u.assigned {
			stale = stale || changed[h.role] || !kept[h.reach]
		}
		return stale
	}
}

// check refuses what could mean two things.
func (c Change) check() error {
	roles, users := slices.Clone(c.WithoutRoles), slices.Clone(c.WithoutUsers)
	for _, r := range c.Roles {
		roles = append(roles, r.Name)
	}
	for _, u := range c.Users {
		users = append(users, u.ID)
	}
	if name, twice := repeated(roles); twice {
		return fmt.Errorf("role %q: stands twice", name)
	}
	if id, twice := repeated(users); twice {
		return fmt.Errorf("user %q: stands twice", id)
	}
	return nil
}

// repeated returns a name that is in the list more than once.
func repeated(names []string) (name string, twice bool) {
	seen := make(map[string]bool, len(names))
	for _, name := range names {
		if seen[name] {
			return name, true
		}
		seen[name] = true
	}
	return "", false
}

// stillAdministrators are those of a changed policy, given the ones before and
// whom the change has touched.
func stillAdministrators(before []string, touched []*user) []string {
	decided := make(map[string]bool, len(touched))
	for _, u := range touched {
		decided[u.id] = true
	}
	ids := administrators(slices.Values(touched))
	for _, id := range before {
		if !decided[id] {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}
