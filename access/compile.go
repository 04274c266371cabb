package access

import (
	"fmt"
	"slices"
	"strings"
)

// A Snapshot is a tenant's policy, compiled. It never changes, and is shared
// freely between goroutines; a changed policy is a new Snapshot.
type Snapshot struct {
	catalogue      *Catalogue
	tenant         Tenant // without its roles and users; a copy that nobody else can reach
	roles          map[string]*role
	users          roster
	forest         *forest
	administrators []string // see [Snapshot.Administrators]
}

// role is compiled once, however many users it is assigned to.
type role struct {
	name        string
	active      bool
	permissions []Permission // sorted, each once
	table       table
	data        Role // a copy that nobody else can reach
}

// A table says for every operation of a catalogue, by its index, at which
// scopes it is granted.
type table []scopeSet

// Compile checks a policy and prepares it for questions about the operations
// of c. A name that stands twice, that does not exist or is not well formed,
// a permission that Parse would not return, and a department below itself are
// errors. A permission for what c does not have is none: it is listed and
// previewed, and grants nothing that can be asked. Later changes to t do not
// reach the Snapshot.
func Compile(c *Catalogue, t Tenant) (*Snapshot, error) {
	if c == nil || t.ID == "" {
		return nil, fmt.Errorf("access: a tenant without catalogue or id")
	}
	s := &Snapshot{catalogue: c, tenant: Tenant{ID: t.ID, Suspended: t.Suspended}}
	if err := s.compile(t); err != nil {
		return nil, fmt.Errorf("access: tenant %q: %w", t.ID, err)
	}
	return s, nil
}

func (s *Snapshot) compile(t Tenant) (err error) {
	s.tenant.Departments = slices.Clone(t.Departments)
	if s.forest, err = newForest(s.tenant.Departments); err != nil {
		return err
	}
	s.roles = make(map[string]*role, len(t.Roles))
	for _, r := range t.Roles {
		if s.roles[r.Name] != nil {
			return fmt.Errorf("role %q: stands twice", r.Name)
		}
		if s.roles[r.Name], err = s.compileRole(r.clone()); err != nil {
			return err
		}
	}
	s.users = newRoster(len(t.Users))
	for i := range t.Users {
		data := t.Users[i].clone()
		u, err := s.compileUser(&data)
		if err != nil {
			return err
		}
		if s.users.find(u.id) != nil {
			return fmt.Errorf("user %q: stands twice", u.id)
		}
		s.users.add(u)
	}
	s.administrators = administrators(s.users.all())
	return nil
}

// compileRole must be given data that nobody else can reach.
func (s *Snapshot) compileRole(data Role) (*role, error) {
	err := checkRoleName(data.Name)
	var r *role
	if err == nil {
		r, err = s.newRole(data)
	}
	if err != nil {
		return nil, fmt.Errorf("role %q: %w", data.Name, err)
	}
	return r, nil
}

// checkRoleName keeps the name of the list free, so that a source in an
// explanation means one thing.
func checkRoleName(name string) error {
	at, expected := wrongPart(name, listName)
	if expected != "" || name == Any || strings.Contains(name, "-") {
		return fmt.Errorf(`a role's name is [a-z][a-z0-9_]{0,63}, not "permissions" (position %d)`, at)
	}
	return nil
}

// newRole makes the table of a set of permissions.
func (s *Snapshot) newRole(data Role) (*role, error) {
	r := &role{name: data.Name, active: data.Active, table: make(table, len(s.catalogue.operations)), data: data}
	for _, p := range data.Permissions {
		if err := p.check(); err != nil {
			return nil, err
		}
		for _, op := range s.catalogue.operations {
			if p.matches(op.resource, op.action) {
				r.table[op.index] |= only(p.Scope)
			}
		}
	}
	r.permissions = slices.Clone(data.Permissions)
	slices.SortFunc(r.permissions, Permission.compare)
	r.permissions = slices.Compact(r.permissions)
	return r, nil
}
