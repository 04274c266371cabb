package access_test

import (
	"slices"
	"time"

	"github.com/usher-desk/usher/access"
)

// naive decides from the plain policy, one sentence of the rules at a time,
// with nothing compiled, shared or ordered. It is the second opinion that the
// properties compare with.
type naive struct {
	catalogue *access.Catalogue
	tenant    access.Tenant
	at        time.Time
}

// naiveGrant is a permission with its source and state.
type naiveGrant struct {
	access.Permission
	from              string
	active, unexpired bool
	departments       []string // not expanded
}

func (n naive) user(id string) access.User {
	for _, u := range n.tenant.Users {
		if u.ID == id {
			return u
		}
	}
	return access.User{}
}

// grants lists what decides for a user: the list where there is one, else the
// assignments, each in its state.
func (n naive) grants(u access.User) (grants []naiveGrant) {
	if u.PermissionList != nil {
		for _, p := range u.PermissionList {
			grants = append(grants, naiveGrant{p, "permissions", true, true, u.Departments})
		}
		return grants
	}
	for _, a := range u.Assignments {
		for _, r := range n.tenant.Roles {
			for _, p := range r.Permissions {
				reached := a.Departments
				if reached == nil {
					reached = u.Departments
				}
				unexpired := a.ExpiresAt.IsZero() || n.at.Before(a.ExpiresAt)
				if r.Name == a.Role {
					grants = append(grants, naiveGrant{p, r.Name, r.Active, unexpired, reached})
				}
			}
		}
	}
	return grants
}

// below climbs from a department to the root.
func (n naive) below(department string, reached []string) bool {
	for department != "" {
		if slices.Contains(reached, department) {
			return true
		}
		parent := ""
		for _, d := range n.tenant.Departments {
			if d.ID == department {
				parent = d.Parent
			}
		}
		department = parent
	}
	return false
}

func (n naive) own(u access.User, action string, o access.Object) bool {
	resource, _ := n.catalogue.Resource(o.Resource)
	relations, said := resource.Own[action]
	owner := slices.Contains(o.Owners, u.ID) && (!said || slices.Contains(relations, access.Owner))
	assignee := o.Assignee == u.ID && (!said || slices.Contains(relations, access.Assignee))
	return owner || assignee
}

func (n naive) covers(u access.User, g naiveGrant, action string, o access.Object) bool {
	switch g.Scope {
	case access.All:
		return true
	case access.Own:
		return n.own(u, action, o)
	case access.Unassigned:
		return o.Assignable && o.Assignee == ""
	}
	return n.own(u, action, o) || slices.ContainsFunc(o.Departments, func(d string) bool { return n.below(d, g.departments) })
}

// check returns the sources that allow, sorted, or the reason why none does.
func (n naive) check(subject, action string, o access.Object) (by []string, reason access.Reason) {
	u := n.user(subject)
	switch {
	case n.tenant.Suspended:
		return nil, access.TenantSuspended
	case !u.Active:
		return nil, access.SubjectInactive
	case o.Tenant != n.tenant.ID:
		return nil, access.OtherTenant
	}
	var inactive, expired, matches bool
	for _, g := range n.grants(u) {
		if g.Resource != access.Any && g.Resource != o.Resource || g.Action != access.Any && g.Action != action {
			continue
		}
		covers, inForce := n.covers(u, g, action, o), g.active && g.unexpired
		matches = matches || inForce
		inactive = inactive || covers && g.unexpired && !g.active
		expired = expired || covers && !g.unexpired
		if covers && inForce && !slices.Contains(by, g.from) {
			by = append(by, g.from)
		}
	}
	slices.Sort(by)
	switch {
	case by != nil:
		return by, ""
	case inactive:
		return nil, access.RoleInactive
	case expired:
		return nil, access.AssignmentExpired
	case matches:
		return nil, access.OutOfScope
	}
	return nil, access.NoPermission
}

func (n naive) holds(subject string, op access.Operation, scope access.Scope) bool {
	u := n.user(subject)
	if n.tenant.Suspended || !u.Active {
		return false
	}
	return slices.ContainsFunc(n.grants(u), func(g naiveGrant) bool {
		return g.active && g.unexpired && g.Subsumes(op.At(scope))
	})
}

// permissions returns the canonical strings in force, sorted.
func (n naive) permissions(subject string) []string {
	names := []string{}
	u := n.user(subject)
	if n.tenant.Suspended || !u.Active {
		return names
	}
	for _, g := range n.grants(u) {
		if g.active && g.unexpired {
			names = append(names, g.Permission.String())
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
