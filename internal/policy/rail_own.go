package policy

import (
	"slices"

	"github.com/usher-desk/usher/access"
)

// ownAccess refuses every change of the actor's own record, also one that only takes away: nobody
// can be talked into weakening or removing themselves, and nobody has to be trusted with it.
func ownAccess(c change) error {
	was, found := c.before.Subject(c.actor.ID())
	if !found { // the machine, which has no record
		return nil
	}
	if is, found := c.after.Subject(c.actor.ID()); !found || !sameUser(was.User(), is.User()) {
		return ErrOwnAccess
	}
	return nil
}

// sameUser reports whether two states of a user say the same about access.
func sameUser(a, b access.User) bool {
	return a.Active == b.Active &&
		slices.Equal(sortedSet(a.Departments), sortedSet(b.Departments)) &&
		sameList(a.PermissionList, b.PermissionList) &&
		sameAssignments(a.Assignments, b.Assignments)
}

// sameList compares permission lists as sets; nil, where the roles decide, is not the empty list.
func sameList(a, b []access.Permission) bool {
	return (a == nil) == (b == nil) && slices.Equal(sortedPermissions(a), sortedPermissions(b))
}

// sameAssignments tells assignments apart by their ids.
func sameAssignments(a, b []access.Assignment) bool {
	if len(a) != len(b) {
		return false
	}
	return !slices.ContainsFunc(b, func(one access.Assignment) bool {
		at := slices.IndexFunc(a, func(other access.Assignment) bool { return other.ID == one.ID })
		return at < 0 || !Assignment(a[at]).same(Assignment(one))
	})
}
