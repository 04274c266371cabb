package access

import "slices"

func (r Role) clone() Role {
	r.Permissions = slices.Clone(r.Permissions)
	return r
}

// clone keeps nil nil and empty empty, which mean different things here.
func (u User) clone() User {
	u.Departments = slices.Clone(u.Departments)
	u.PermissionList = slices.Clone(u.PermissionList)
	u.Assignments = slices.Clone(u.Assignments)
	for i := range u.Assignments {
		a := &u.Assignments[i]
		a.ExpiresAt = a.ExpiresAt.Round(0) // an instant on the wall, not of this process
		a.Departments = slices.Clone(a.Departments)
	}
	return u
}
