package policy

// tooManyRoles holds users to the tenant's limit of distinct roles when their roles change. Those
// who had more before the limit came keep them.
func tooManyRoles(c change) error {
	if c.after.MaxRolesPerUser == 0 {
		return nil
	}
	for p := range c.rewritten {
		now := p.After.User().Assignments
		if n := len(roleNames(now)); n > c.after.MaxRolesPerUser && !sameAssignments(p.Before.User().Assignments, now) {
			return ErrTooManyRoles.With("%d roles, at most %d", n, c.after.MaxRolesPerUser)
		}
	}
	return nil
}
