package policy

// maxRoles is how many roles a tenant may have: five times what is measured (docs/benchmarks.md). Whoever may make
// roles could else make everything slower for everybody in the tenant.
const maxRoles = 10_000

// rolesFull refuses one role more than that, by whatever way it comes.
func rolesFull(c change) error {
	if n := len(c.after.roles); n > maxRoles && n > len(c.before.roles) {
		return ErrRolesFull.With("%d roles, at most %d", n, maxRoles)
	}
	return nil
}

// tooManyRoles holds users to the tenant's limit of distinct roles when their roles change. Those
// who had more before the limit came keep them.
func tooManyRoles(c change) error {
	for p := range c.rewritten {
		was, now := p.Before.User().Assignments, p.After.User().Assignments
		roles, most := len(roleNames(now)), c.after.MaxRolesPerUser
		switch {
		case sameAssignments(was, now):
			continue
		case most > 0 && roles > most:
			return ErrTooManyRoles.With("%d roles, at most %d", roles, most)
		}
		if err := CheckCount(len(was), len(now)); err != nil {
			return err
		}
	}
	return nil
}

// CheckCount refuses, as [ErrTooManyRoles], to give a user so many assignments that had fewer before. The rails ask it of every
// change; who writes those of many users asks first, before so many are written.
func CheckCount(before, after int) error {
	if after > maxAssignments && after > before {
		return ErrTooManyRoles.With("%d assignments, at most %d", after, maxAssignments)
	}
	return nil
}

// maxAssignments is how many assignments a user may have, the same role several times included. Whoever has one more
// makes every later change of theirs slower.
const maxAssignments = 64
