package policy

import (
	"reflect"
	"slices"
	"sort"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/access"
)

// This file says again, from plain data and without package access's own machinery, what a change
// must not do. It is slow and simple on purpose.

// coverage is one permission, at scope department for one department ("" for none).
type coverage struct {
	permission access.Permission
	department string
}

func (w world) user(id string) *access.User {
	for i := range w.Users {
		if w.Users[i].ID == id {
			return &w.Users[i]
		}
	}
	return nil
}

func (w world) role(name string) *access.Role {
	for i := range w.Roles {
		if w.Roles[i].Name == name {
			return &w.Roles[i]
		}
	}
	return nil
}

// reaches climbs from a department to its root.
func (w world) reaches(from []string, department string) bool {
	for department != "" {
		if slices.Contains(from, department) {
			return true
		}
		parent := ""
		for _, d := range w.Departments {
			if d.ID == department {
				parent = d.Parent
			}
		}
		department = parent
	}
	return false
}

// spread adds what some permissions cover for somebody who reaches from these departments.
func (w world) spread(set map[coverage]bool, permissions []access.Permission, from []string) {
	for _, p := range permissions {
		set[coverage{p, ""}] = true
		if p.Scope != access.Departmental {
			continue
		}
		for _, d := range w.Departments {
			if w.reaches(from, d.ID) {
				set[coverage{p, d.ID}] = true
			}
		}
	}
}

func reachOf(u access.User, a access.Assignment) []string {
	if a.Departments != nil {
		return a.Departments
	}
	return u.Departments
}

// inForce is what a user has now.
func (w world) inForce(u access.User) map[coverage]bool {
	set := map[coverage]bool{}
	switch {
	case !u.Active || w.Suspended:
	case u.PermissionList != nil:
		w.spread(set, u.PermissionList, u.Departments)
	default:
		for _, a := range u.Assignments {
			if w.role(a.Role).Active && (a.ExpiresAt.IsZero() || a.ExpiresAt.After(now)) {
				w.spread(set, w.role(a.Role).Permissions, reachOf(u, a))
			}
		}
	}
	return set
}

// potential is what a user would have if everything were active and nothing had expired, with and
// without the list.
func (w world) potential(u access.User) map[coverage]bool {
	set := map[coverage]bool{}
	w.spread(set, u.PermissionList, u.Departments)
	for _, a := range u.Assignments {
		w.spread(set, w.role(a.Role).Permissions, reachOf(u, a))
	}
	return set
}

// has reports whether what somebody has takes in what is asked.
func has(set map[coverage]bool, wanted coverage) bool {
	for have := range set {
		p, q := have.permission, wanted.permission
		named := (p.Resource == "*" || p.Resource == q.Resource) && (p.Action == "*" || p.Action == q.Action)
		switch {
		case !named:
		case p.Scope == access.All:
			return true
		case p.Scope == access.Departmental && q.Scope == access.Departmental:
			if have.department == wanted.department {
				return true
			}
		case p.Scope == q.Scope, p.Scope == access.Departmental && q.Scope == access.Own:
			return true
		}
	}
	return false
}

func (w world) administers(u access.User) bool {
	if !u.Active {
		return false
	}
	everything := access.MustParse("*")
	if u.PermissionList != nil {
		return slices.Contains(u.PermissionList, everything)
	}
	return slices.ContainsFunc(u.Assignments, func(a access.Assignment) bool {
		r := w.role(a.Role)
		return a.ExpiresAt.IsZero() && r.Active && slices.Contains(r.Permissions, everything)
	})
}

// newcomer is the one user who may get what the actor lacks.
func newcomer(before world, u access.User) bool {
	return before.user(u.ID) == nil && u.PermissionList == nil && len(u.Departments) == 0 &&
		(len(u.Assignments) == 0 || len(u.Assignments) == 1 && u.Assignments[0].Role == before.defaultRole && u.Assignments[0].Departments == nil)
}

func checkNobodyGainsWhatTheActorLacks(t *rapid.T, before, after world) {
	actor := before.inForce(*before.user("u0"))
	for _, u := range after.Users {
		if newcomer(before, u) {
			continue
		}
		var was access.User
		if old := before.user(u.ID); old != nil {
			was = *old
		}
		for _, both := range [][2]map[coverage]bool{
			{before.inForce(was), after.inForce(u)},
			{before.potential(was), after.potential(u)},
		} {
			for gained := range both[1] {
				_, existed := before.department(gained.department)
				if !both[0][gained] && existed && !has(actor, gained) {
					t.Fatalf("%s gains %v, which the actor lacks", u.ID, gained)
				}
			}
		}
	}
}

func (w world) department(id string) (access.Department, bool) {
	for _, d := range w.Departments {
		if d.ID == id {
			return d, true
		}
	}
	return access.Department{}, id == ""
}

func checkActorStaysAsTheyWere(t *rapid.T, before, after world) {
	if !sameRecord(before.user("u0"), after.user("u0")) {
		t.Fatal("the actor changed themselves")
	}
}

// sameRecord compares two records of a user, where order and repetition say nothing.
func sameRecord(a, b *access.User) bool {
	if a == nil || b == nil {
		return a == b
	}
	return reflect.DeepEqual(plain(*a), plain(*b))
}

func plain(u access.User) map[string]any {
	record := map[string]any{"active": u.Active, "departments": ordered(u.Departments), "listed": u.PermissionList != nil}
	record["list"] = ordered(PermissionNames(u.PermissionList))
	for _, a := range u.Assignments {
		record["assignment "+a.ID] = []any{a.Role, a.ExpiresAt.UnixMicro(), a.Departments == nil, ordered(a.Departments)}
	}
	return record
}

func ordered(list []string) []string {
	out := append([]string{}, list...)
	sort.Strings(out)
	return out
}

func checkNobodyStrongerIsTouched(t *rapid.T, before, after world) {
	actor := before.inForce(*before.user("u0"))
	for _, u := range before.Users {
		if sameRecord(&u, after.user(u.ID)) {
			continue
		}
		for c := range before.potential(u) {
			if !has(actor, c) {
				t.Fatalf("%s has %v, which the actor lacks, and was touched", u.ID, c)
			}
		}
	}
	for _, r := range before.Roles {
		is := after.role(r.Name)
		if is != nil && before.versions[r.Name] == after.versions[r.Name] && reflect.DeepEqual(*is, r) {
			continue
		}
		for c := range before.inAllHands(r) {
			// To activate a role is to grant it to those who have it now.
			if !has(actor, c) && (is == nil || !is.Active || r.Active) {
				t.Fatalf("role %s holds %v, which the actor lacks, and was touched", r.Name, c)
			}
		}
	}
}

// inAllHands is what a role gives to everybody who has it, in force or not.
func (w world) inAllHands(r access.Role) map[coverage]bool {
	set := map[coverage]bool{}
	w.spread(set, r.Permissions, nil)
	for _, u := range w.Users {
		for _, a := range u.Assignments {
			if a.Role == r.Name {
				w.spread(set, r.Permissions, reachOf(u, a))
			}
		}
	}
	return set
}
