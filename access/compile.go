package access

import (
	"fmt"
	"slices"
	"strings"
)

// A Snapshot is a tenant's policy, compiled. It never changes, and is shared
// freely between goroutines; a changed policy is a new Snapshot.
type Snapshot struct {
	catalogue *Catalogue
	tenant    Tenant // a copy that nobody else can reach
	users     roster
	roles     map[string]*role
	forest    *forest
}

// role is compiled once, however many users it is assigned to.
type role struct {
	name        string
	active      bool
	permissions []Permission // sorted, each once
	table       table
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
	s := &Snapshot{catalogue: c, tenant: t.clone()}
	if err := s.compile(); err != nil {
		return nil, fmt.Errorf("access: tenant %q: %w", t.ID, err)
	}
	return s, nil
}

func (s *Snapshot) compile() (err error) {
	if s.forest, err = newForest(s.tenant.Departments); err != nil {
		return err
	}
	s.roles = make(map[string]*role, len(s.tenant.Roles))
	for _, r := range s.tenant.Roles {
		if err := s.addRole(r); err != nil {
			return fmt.Errorf("role %q: %w", r.Name, err)
		}
	}
	s.users = newRoster(len(s.tenant.Users))
	for i := range s.tenant.Users {
		u := &s.tenant.Users[i]
		if err := s.addUser(u); err != nil {
			return fmt.Errorf("user %q: %w", u.ID, err)
		}
	}
	return nil
}

func (s *Snapshot) addRole(r Role) error {
	if err := checkRoleName(r.Name); err != nil {
		return err
	}
	if s.roles[r.Name] != nil {
		return fmt.Errorf("stands twice")
	}
	compiled, err := s.compileRole(r.Name, r.Active, r.Permissions)
	s.roles[r.Name] = compiled
	return err
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

// compileRole makes the table of a set of permissions.
func (s *Snapshot) compileRole(name string, active bool, permissions []Permission) (*role, error) {
	r := &role{name: name, active: active, table: make(table, len(s.catalogue.operations))}
	for _, p := range permissions {
		if err := p.check(); err != nil {
			return nil, err
		}
		for _, op := range s.catalogue.operations {
			if p.matches(op.resource, op.action) {
				r.table[op.index] |= only(p.Scope)
			}
		}
	}
	r.permissions = slices.Clone(permissions)
	slices.SortFunc(r.permissions, Permission.compare)
	r.permissions = slices.Compact(r.permissions)
	return r, nil
}
