package policy

import (
	"iter"
	"slices"

	"github.com/usher-desk/usher/access"
)

// written refuses to write what the actor does not hold: into a role, its activation included, for
// every holder; into the hands of a user, by role, list or being enabled; by widening what somebody
// reaches; or by choosing what new users get.
func written(c change) error {
	return c.mayWrite(c.writtenRoles, c.writtenDefault, c.writtenToUsers)
}

// writtenToUsers is [written] of users alone.
func writtenToUsers(c change) error { return c.mayWrite(c.writtenToUsers) }

// mayWrite measures what comes from one role or user at a time and keeps only what is missing, each thing once: all that a
// file gives to twenty thousand users does not fit into memory.
func (c change) mayWrite(sources ...iter.Seq[[]access.Grant]) error {
	missing := shortfall{}
	for _, source := range sources {
		for grants := range source {
			missing.add(c.actor.Lacks(grants, c.at))
		}
	}
	if len(missing) > 0 {
		return ErrCannotGrant.With("you lack %s", missing)
	}
	return nil
}

func (c change) writtenToUsers(yield func([]access.Grant) bool) {
	for _, p := range c.touched {
		if isThere(p.After) && (p.Written || c.forestMoved) && !yield(c.writtenFor(p.Before, p.After)) {
			return
		}
	}
}

// writtenRoles counts a role that was touched as written as a whole: what it kept has been written
// again, by somebody who could have left it out.
func (c change) writtenRoles(yield func([]access.Grant) bool) {
	for name := range c.after.roles {
		if c.touches(name) && !c.deactivates(name) && !yield(c.after.RoleGrants(name)) {
			return
		}
	}
}

// deactivates reports whether a role is switched off and nothing else; [strongerRole] looks at that.
func (c change) deactivates(role string) bool {
	was, _ := c.before.Role(role)
	is, _ := c.after.Role(role)
	return was.Active && !is.Active && slices.Equal(was.Permissions, is.Permissions)
}

// writtenDefault holds the choice of another default role to what it gives.
func (c change) writtenDefault(yield func([]access.Grant) bool) {
	if c.after.DefaultRole != c.before.DefaultRole {
		role, _ := c.after.Role(c.after.DefaultRole)
		yield(toNewcomers(role))
	}
}

// writtenFor returns what the change puts into the hands of one user.
func (c change) writtenFor(was, is access.Subject) []access.Grant {
	old, now := was.User(), is.User()
	switch {
	case !isThere(was) && c.plain(now):
		return nil
	case !isThere(was), !old.Active && now.Active:
		return is.PotentialGrants()
	}
	grants := c.widened(was, is)
	if sameUser(old, now) {
		return grants
	}
	for _, g := range is.PotentialGrants() {
		if g.Assignment == "" && writesList(old, now) || g.Assignment != "" && writesAssignment(old, now, g.Assignment) {
			grants = append(grants, g)
		}
	}
	return grants
}

// plain is the new user that anyone who may create users may create: the tenant has chosen what
// such a user gets.
func (c change) plain(u access.User) bool {
	return u.PermissionList == nil && len(u.Departments) == 0 && len(u.Assignments) <= 1 &&
		!slices.ContainsFunc(u.Assignments, func(a access.Assignment) bool {
			return a.Role != c.before.DefaultRole || a.Departments != nil
		})
}

func writesList(old, now access.User) bool {
	return now.PermissionList != nil && !sameList(old.PermissionList, now.PermissionList)
}

// writesAssignment reports whether an assignment is new or gives more or longer than before, or
// comes back into force because the list that displaced it has gone.
func writesAssignment(old, now access.User, id string) bool {
	if old.PermissionList != nil && now.PermissionList == nil {
		return true
	}
	byID := func(a access.Assignment) bool { return a.ID == id }
	before := slices.IndexFunc(old.Assignments, byID)
	if before < 0 {
		return true
	}
	is := now.Assignments[slices.IndexFunc(now.Assignments, byID)]
	was := old.Assignments[before]
	if was.Role != is.Role || !sameSet(was.Departments, is.Departments) {
		return true
	}
	return !was.ExpiresAt.IsZero() && (is.ExpiresAt.IsZero() || is.ExpiresAt.After(was.ExpiresAt))
}
