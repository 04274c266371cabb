package access

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
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
	data        *User  // a copy that nobody else can reach; the same for as long as nobody writes another
	left        bool   // the user is gone, and this only says so: see [roster]
}

// present returns the user, or nil for one who has left.
func (u *user) present() *user {
	if u.left {
		return nil
	}
	return u
}

// assigned yields everything that the user holds, in force or not, and then what
// a list displaces.
func (u *user) assigned(yield func(*held) bool) {
	for _, list := range [][]held{u.held, u.dormant} {
		for i := range list {
			if !yield(&list[i]) {
				return
			}
		}
	}
}

// byID orders users.
func byID(a, b *user) int { return strings.Compare(a.id, b.id) }

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

// compileUser must be given data that nobody else can reach.
func (s *Snapshot) compileUser(data *User) (*user, error) {
	u, err := s.holdAll(data)
	if err != nil {
		return nil, fmt.Errorf("user %q: %w", data.ID, err)
	}
	return u, nil
}

func (s *Snapshot) holdAll(data *User) (u *user, err error) {
	if data.ID == "" {
		return nil, fmt.Errorf("without id")
	}
	u = s.newUser(data)
	if u.departments, err = s.forest.reach(data.Departments); err != nil {
		return nil, err
	}
	if u.held, err = s.hold(u); err != nil || data.PermissionList == nil {
		return u, err
	}
	u.dormant = u.held
	u.held, err = s.holdList(u, data.PermissionList)
	return u, err
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
	for i := range u.data.Assignments {
		a := &u.data.Assignments[i]
		if a.ID != "" && slices.ContainsFunc(u.data.Assignments[:i], func(b Assignment) bool { return b.ID == a.ID }) {
			return nil, fmt.Errorf("assignment %q stands twice", a.ID)
		}
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
	r, err := s.newRole(Role{Name: listName, Active: true, Permissions: list})
	if err != nil {
		return nil, err
	}
	return []held{{table: r.table, reach: u.departments, active: true, role: r}}, nil
}
