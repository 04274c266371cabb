package policy

import (
	"slices"

	"github.com/usher-desk/usher/access"
)

// strengthened returns who holds, or could come to hold, more after the change than before. What was
// good enough for them until now, such as a password link made by somebody who measured up to them
// then, is so no longer. Somebody new is not among them.
func (c change) strengthened() []string {
	roles := c.touchedRoles()
	var users []string
	for _, p := range c.touched {
		if !isThere(p.Before) || !isThere(p.After) {
			continue
		}
		if (c.forestMoved || !unwritten(p) || holdsAny(p.After, roles)) && c.gains(p.Before, p.After) {
			users = append(users, p.ID)
		}
	}
	return users
}

func (c change) touchedRoles() map[string]bool {
	touched := map[string]bool{}
	for name := range c.after.roles {
		touched[name] = c.touches(name)
	}
	return touched
}

func holdsAny(s access.Subject, roles map[string]bool) bool {
	return slices.ContainsFunc(s.User().Assignments, func(a access.Assignment) bool { return roles[a.Role] })
}

// gains reports whether one user's grants add up to more: expired ones count, and those of whatever is
// inactive, as they do where the user is touched. That a department scope reaches a new department is
// no gain: it lies below one that the scope has reached all along.
func (c change) gains(was, is access.Subject) bool {
	before := was.PotentialGrants()
	return slices.ContainsFunc(is.PotentialGrants(), func(g access.Grant) bool {
		g.Departments = slices.DeleteFunc(g.Departments, func(d string) bool { return !c.had(d) })
		return !slices.ContainsFunc(before, func(b access.Grant) bool { return b.Subsumes(g) })
	})
}
