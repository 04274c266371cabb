package policy

// tooManyRoles holds users to the tenant's limit of distinct roles when their roles change. Those
// who had more before the limit came keep them.
func tooManyRoles(c change) error {
	for p := range c.rewritten {
		was, now := p.Before.User().Assignments, p.After.User().Assignments
		roles, most := len(roleNames(now)), c.after.MaxRolesPerUser
		switch {
		case sameAssignments(was, now):
		case most > 0 && roles > most:
			return ErrTooManyRoles.With("%d roles, at most %d", roles, most)
		case len(now) > maxAssignments && len(now) > len(was):
			return ErrTooManyRoles.With("%d assignments, at most %d", len(now), maxAssignments)
		}
	}
	return nil
}

// maxAssignments is how many assignments a user may have, the same role several times included. Whoever has one more
// makes every later change of theirs slower.
const maxAssignments = 64
