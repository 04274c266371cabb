package policy_test

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/usher-desk/usher/access"
)

// wrong names what no order of changes could have led to; "" where the tenant is as the guard rails want it.
func (r *rivals) wrong(now standing) string {
	data := now.Tenant()
	if !slices.ContainsFunc(data.Users, func(u access.User) bool { return slices.Contains(r.able, u.ID) && holdsEverything(data, u) }) {
		return "no administrator is left who can sign in"
	}
	if role, found := now.Role(now.DefaultRole); now.DefaultRole != "" && (!found || !role.Active) {
		return "the default role is " + now.DefaultRole + ", which grants nothing"
	}
	for _, u := range data.Users {
		for name, roles := range now.exclusions {
			had := slices.DeleteFunc(slices.Clone(roles), func(role string) bool { return !hasRole(u, role) })
			if len(had) > 1 {
				return fmt.Sprintf("%s has %v, which %s keeps apart", r.names[u.ID], had, name)
			}
		}
	}
	return r.tangled(data)
}

// tangled names a department that lies in itself, or in none that exists.
func (r *rivals) tangled(data access.Tenant) string {
	parents := map[string]string{}
	for _, d := range data.Departments {
		parents[d.ID] = d.Parent
	}
	for id := range parents {
		at := id
		for range parents {
			at = parents[at]
		}
		if at != "" {
			return r.names[id] + " lies in itself"
		}
	}
	return ""
}

func hasRole(u access.User, role string) bool {
	return slices.ContainsFunc(u.Assignments, func(a access.Assignment) bool { return a.Role == role })
}

// holdsEverything: active, and holds *:*:all without expiry.
func holdsEverything(data access.Tenant, u access.User) bool {
	everything := access.MustParse("*")
	if !u.Active || u.PermissionList != nil {
		return u.Active && slices.Contains(u.PermissionList, everything)
	}
	return slices.ContainsFunc(u.Assignments, func(a access.Assignment) bool {
		return a.ExpiresAt.IsZero() && slices.ContainsFunc(data.Roles, func(role access.Role) bool {
			return role.Name == a.Role && role.Active && slices.Contains(role.Permissions, everything)
		})
	})
}

// unfair names what somebody has done by themselves that nobody may do: change their own access, touch a
// stronger user, bring about what they do not hold.
func (r *rivals) unfair(before, after standing, by string) string {
	actor, _ := before.Subject(by)
	for _, was := range before.Subjects() {
		is, stays := after.Subject(was.ID())
		switch {
		case stays && reflect.DeepEqual(was.User(), is.User()):
		case was.ID() == by:
			return r.names[by] + " has changed their own access"
		case len(actor.Lacks(was.PotentialGrants(), r.s.DB.Now())) > 0:
			return r.names[by] + " has touched " + r.names[was.ID()] + ", who is stronger"
		}
	}
	for _, is := range after.Subjects() {
		was, _ := before.Subject(is.ID())
		if lacking := actor.Lacks(gained(before, was, is), r.s.DB.Now()); len(lacking) > 0 {
			return fmt.Sprintf("%s lacks what %s has gained: %v", r.names[by], r.names[is.ID()], lacking)
		}
	}
	return ""
}

// gained are the grants that somebody has had no way to before. What somebody new gets by the default role is
// nobody's gift, and nothing lies in a department that is new.
func gained(before standing, was, is access.Subject) (grants []access.Grant) {
	had := was.PotentialGrants()
	for _, g := range is.PotentialGrants() {
		g.Departments = slices.DeleteFunc(g.Departments, func(d string) bool { return len(before.Reach([]string{d})) == 0 })
		known := slices.ContainsFunc(had, func(h access.Grant) bool { return h.Subsumes(g) })
		if !known && (was.ID() != "" || g.From != before.DefaultRole) {
			grants = append(grants, g)
		}
	}
	return grants
}
