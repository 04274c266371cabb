package access

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// user is what a [Subject] looks at. What Check reads comes first and lies
// together: with many tenants, its time goes into fetching memory.
type user struct {
	id        string
	tenant    string
	catalogue *Catalogue
	barred    Reason  // why the user holds nothing, or empty
	held      []held  // what decides, by role name
	near      [2]held // room for held, next to the rest

	dormant     []held // the assignments that a list displaces
	departments *reach // the user's own, expanded
	data        *User  // in the snapshot's copy of the tenant
}

// held is a role, or the user's list as one, in the hands of a user. It keeps
// within one line of the processor's cache.
type held struct {
	table      table // the role's
	reach      *reach
	active     bool // the role is
	expires    bool
	role       *role
	assignment *Assignment // nil for a list
}

// listName is the source of what a user's own list grants. No role has it.
const listName = "permissions"

// inForce reports whether the grants count at an instant. What expires does
// not count at the zero time, where a caller forgot to say when.
func (h *held) inForce(at time.Time) bool { return h.active && !h.expired(at) }

func (h *held) expired(at time.Time) bool {
	return h.expires && (at.IsZero() || !at.Before(h.assignment.ExpiresAt))
}

func (s *Snapshot) addUser(data *User) error {
	if data.ID == "" {
		return fmt.Errorf("without id")
	}
	if s.users.find(data.ID) != nil {
		return fmt.Errorf("stands twice")
	}
	u := s.newUser(data)
	var err error
	if u.departments, err = s.forest.reach(data.Departments); err != nil {
		return err
	}
	if u.held, err = s.hold(u); err != nil {
		return err
	}
	if data.PermissionList != nil {
		u.dormant = u.held
		if u.held, err = s.holdList(u, data.PermissionList); err != nil {
			return err
		}
	}
	s.users.add(u)
	return nil
}

func (s *Snapshot) newUser(data *User) *user {
	u := &user{id: data.ID, tenant: s.tenant.ID, catalogue: s.catalogue, data: data}
	switch {
	case s.tenant.Suspended:
		u.barred = TenantSuspended
	case !data.Active:
		u.barred = SubjectInactive
	}
	return u
}

// hold compiles a user's assignments, sorted by role name, so that what walks
// them meets the sources in the order in which they are told.
func (s *Snapshot) hold(u *user) ([]held, error) {
	list := u.near[:0]
	seen := map[string]bool{}
	for i := range u.data.Assignments {
		a := &u.data.Assignments[i]
		if a.ID != "" && seen[a.ID] {
			return nil, fmt.Errorf("assignment %q stands twice", a.ID)
		}
		seen[a.ID] = true
		r := s.roles[a.Role]
		if r == nil {
			return nil, fmt.Errorf("assignment %q: no role %q", a.ID, a.Role)
		}
		reached := u.departments
		if a.Departments != nil {
			var err error
			if reached, err = s.forest.reach(a.Departments); err != nil {
				return nil, fmt.Errorf("assignment %q: %w", a.ID, err)
			}
		}
		list = append(list, held{
			table: r.table, reach: reached, active: r.active,
			expires: !a.ExpiresAt.IsZero(), role: r, assignment: a,
		})
	}
	slices.SortStableFunc(list, func(a, b held) int {
		return cmp.Or(cmp.Compare(a.role.name, b.role.name), cmp.Compare(a.assignment.ID, b.assignment.ID))
	})
	return list, nil
}

// holdList makes the user's own list the one role that they hold.
func (s *Snapshot) holdList(u *user, list []Permission) ([]held, error) {
	r, err := s.compileRole(listName, true, list)
	if err != nil {
		return nil, err
	}
	return []held{{table: r.table, reach: u.departments, active: true, role: r}}, nil
}
