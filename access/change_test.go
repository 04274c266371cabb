package access_test

import (
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/access"
)

// difference is the change from one policy to another, as somebody tells it who
// has looked at every part of both.
func difference(before, after access.Tenant) (c access.Change) {
	if before.Suspended != after.Suspended {
		c.Suspended = &after.Suspended
	}
	if !reflect.DeepEqual(before.Departments, after.Departments) {
		c.Departments = append([]access.Department{}, after.Departments...)
	}
	roleName := func(r access.Role) string { return r.Name }
	userID := func(u access.User) string { return u.ID }
	c.Roles, c.WithoutRoles = gone(before.Roles, after.Roles, roleName)
	c.Users, c.WithoutUsers = gone(before.Users, after.Users, userID)
	return c
}

// gone returns what is new or another under its name, and the names that are no
// more.
func gone[T any](before, after []T, name func(T) string) (changed []T, without []string) {
	was := map[string]T{}
	for _, one := range before {
		was[name(one)] = one
	}
	for _, one := range after {
		if old, found := was[name(one)]; !found || !reflect.DeepEqual(old, one) {
			changed = append(changed, one)
		}
		delete(was, name(one))
	}
	for name := range was {
		without = append(without, name)
	}
	return changed, without
}

// crowd is how many users a large drawn tenant has besides: enough for a roster
// to have layers.
const crowd = 60

func (d *drawnTenant) addCrowd(t *rapid.T) {
	if rapid.Bool().Draw(t, "small") {
		return
	}
	for i := range crowd {
		u := access.User{ID: fmt.Sprintf("c%02d", i), Active: true}
		if i%2 == 0 {
			u.Assignments = []access.Assignment{{ID: "0", Role: d.Roles[i%len(d.Roles)].Name}}
		}
		if len(d.Departments) > 0 {
			u.Departments = []string{d.Departments[i%len(d.Departments)].ID}
		}
		d.Users = append(d.Users, u)
	}
}

// steps are what a change is made of. Some leave a policy that nobody can
// compile, such as one with a role that is gone in somebody's hands.
var steps = []func(*rapid.T, *drawnTenant){
	func(_ *rapid.T, d *drawnTenant) { d.Suspended = !d.Suspended },
	func(t *rapid.T, d *drawnTenant) { // a department moves
		if i := rapid.IntRange(0, 12).Draw(t, "which"); i > 0 && i < len(d.Departments) {
			parents := append([]string{""}, ids(d.Departments)...)
			d.Departments[i].Parent = rapid.SampledFrom(parents).Draw(t, "parent")
		}
	},
	func(t *rapid.T, d *drawnTenant) { // one comes
		d.Departments = append(d.Departments, access.Department{ID: fmt.Sprintf("d%d", len(d.Departments)+20)})
		d.Departments[len(d.Departments)-1].Parent = d.Departments[0].ID
	},
	func(t *rapid.T, d *drawnTenant) { // one goes, perhaps from its members too
		if len(d.Departments) == 0 {
			return
		}
		last := d.Departments[len(d.Departments)-1].ID
		d.Departments = d.Departments[:len(d.Departments)-1]
		for i := range d.Users {
			u := &d.Users[i]
			u.Departments = slices.DeleteFunc(u.Departments, func(id string) bool { return id == last })
		}
	},
	func(t *rapid.T, d *drawnTenant) { // a role says something else
		r := &d.Roles[rapid.IntRange(0, len(d.Roles)-1).Draw(t, "which")]
		r.Permissions = d.drawPermissions(t)
	},
	func(t *rapid.T, d *drawnTenant) { // a role is switched on or off
		r := &d.Roles[rapid.IntRange(0, len(d.Roles)-1).Draw(t, "which")]
		r.Active = !r.Active
	},
	func(t *rapid.T, d *drawnTenant) { // one comes
		d.Roles = append(d.Roles, access.Role{Name: fmt.Sprintf("n%d", len(d.Roles)), Active: true, Permissions: d.drawPermissions(t)})
	},
	func(t *rapid.T, d *drawnTenant) { // one goes, perhaps while somebody has it
		if len(d.Roles) > 1 {
			d.Roles = d.Roles[:len(d.Roles)-1]
		}
	},
	func(t *rapid.T, d *drawnTenant) { // somebody is another
		i := rapid.IntRange(0, len(d.Users)-1).Draw(t, "which")
		d.Users[i] = d.drawUser(t, d.Users[i].ID)
	},
	func(t *rapid.T, d *drawnTenant) { // somebody comes, or comes back
		id := fmt.Sprintf("u%d", rapid.IntRange(0, 9).Draw(t, "who"))
		if !slices.ContainsFunc(d.Users, func(u access.User) bool { return u.ID == id }) {
			d.Users = append(d.Users, d.drawUser(t, id))
		}
	},
	func(t *rapid.T, d *drawnTenant) { // somebody goes
		if i := rapid.IntRange(0, len(d.Users)-1).Draw(t, "which"); len(d.Users) > 1 {
			d.Users = slices.Delete(d.Users, i, i+1)
		}
	},
}

func ids(departments []access.Department) (ids []string) {
	for _, d := range departments {
		ids = append(ids, d.ID)
	}
	return ids
}

// drawStep returns what becomes of the tenant in one to three steps.
func (d drawnTenant) drawStep(t *rapid.T) drawnTenant {
	d.Tenant = copied(d.Tenant)
	for range rapid.IntRange(1, 3).Draw(t, "steps") {
		rapid.SampledFrom(steps).Draw(t, "step")(t, &d)
	}
	return d
}

func copied(t access.Tenant) access.Tenant {
	t.Departments, t.Roles, t.Users = slices.Clone(t.Departments), slices.Clone(t.Roles), slices.Clone(t.Users)
	for i := range t.Users {
		t.Users[i].Departments = slices.Clone(t.Users[i].Departments)
	}
	return t
}

// asked is a question about an object that a property puts to everybody.
type asked struct {
	op access.Operation
	o  *access.Object
}

// answers is everything that can be asked of a snapshot, by user; under "" what
// is no single user's.
func answers(s *access.Snapshot, about []asked) map[string]string {
	all := map[string]string{}
	for _, subject := range s.Subjects() {
		all[subject.ID()] = answersOf(subject, about)
	}
	tenant := s.Tenant()
	tenant.Users = nil
	rest := fmt.Sprintf("%+v %v", tenant, s.Administrators())
	for _, name := range s.RoleNames() {
		role, _ := s.Role(name)
		rest += fmt.Sprintf("\n%v %v", role, s.RoleGrants(name))
	}
	for _, d := range tenant.Departments {
		rest += fmt.Sprint("\n", d.ID, s.Reach([]string{d.ID}))
	}
	for _, q := range about {
		rest += fmt.Sprint("\n", s.WhoCan(q.op, q.o, noon))
	}
	all[""] = rest
	return all
}

func answersOf(s access.Subject, about []asked) string {
	all := fmt.Sprintf("%+v\n%v\n%v\n%v\n%v", s.User(), s.Grants(noon), s.PotentialGrants(), s.WhatCan(noon), s.Roles(noon))
	for _, q := range about {
		all += fmt.Sprintf("\n%+v %+v %+v", s.Check(q.op, q.o, noon), s.Explain(q.op, q.o, noon), s.Filter(q.op, noon))
		for _, scope := range []access.Scope{access.Own, access.Unassigned, access.Departmental, access.All} {
			all += fmt.Sprint(" ", s.Holds(q.op, scope, noon))
		}
	}
	return all
}

func (d drawnTenant) drawQuestions(t *rapid.T) (about []asked) {
	for range 4 {
		o := d.drawObject(t)
		about = append(about, asked{d.operationOn(t, o), o})
	}
	return about
}

// A snapshot that has followed a policy through its changes gives every answer
// that one compiled from the policy gives, and the one before goes on to give
// its own.
func TestASnapshotThatFollowsIsOneCompiledAnew(t *testing.T) {
	refused, layered := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		d := drawTenant(t)
		d.addCrowd(t)
		about := d.drawQuestions(t)
		s := must(access.Compile(access.BuiltIn(), d.Tenant))
		was := answers(s, about)
		for range rapid.IntRange(1, 6).Draw(t, "changes") {
			changed := d.drawStep(t)
			next, err := s.With(difference(d.Tenant, changed.Tenant))
			fresh, wrong := access.Compile(access.BuiltIn(), changed.Tenant)
			if (err == nil) != (wrong == nil) {
				t.Fatalf("followed: %v; compiled: %v", err, wrong)
			}
			if err != nil {
				refused++
				continue
			}
			is := answers(fresh, about)
			mustBeSame(t, "the one that has followed", answers(next, about), is)
			mustBeSame(t, "the one before", answers(s, about), was)
			layered += compared(t, s, next, was, is)
			s, d, was = next, changed, is
		}
	})
	if refused == 0 || layered == 0 {
		t.Errorf("%d changes were refused, %d users were the same in both", refused, layered)
	}
}

func mustBeSame(t *rapid.T, what string, got, want map[string]string) {
	t.Helper()
	for id, answer := range want {
		if got[id] != answer {
			t.Fatalf("%s, about %q: %s\nwant %s", what, id, got[id], answer)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%s knows %d users, want %d", what, len(got)-1, len(want)-1)
	}
}

// compared holds what Compare says against the answers, and returns how many
// users it says nothing about.
func compared(t *rapid.T, before, after *access.Snapshot, was, is map[string]string) (same int) {
	t.Helper()
	pairs := map[string]access.Pair{}
	for _, p := range access.Compare(before, after) {
		pairs[p.ID] = p
		if !p.Written && !reflect.DeepEqual(p.Before.User(), p.After.User()) {
			t.Fatalf("%s has been written about: %+v, %+v", p.ID, p.Before.User(), p.After.User())
		}
	}
	for id := range is {
		_, differs := pairs[id]
		if id != "" && !differs {
			same++
			if was[id] != is[id] {
				t.Fatalf("%s is not among those who may differ: %s\nand was %s", id, is[id], was[id])
			}
		}
	}
	for id := range was {
		if _, differs := pairs[id]; !differs && is[id] == "" {
			t.Fatalf("%s has left and is not among those who differ", id)
		}
	}
	return same
}

// What nobody has touched is not compiled again, and what is only looked at
// again is not taken for written.
func TestAChangeTouchesNobodyElse(t *testing.T) {
	s := compiled()
	office := office()
	agent := office.Roles[0]
	agent.Permissions = agent.Permissions[:1]
	silent := true
	for name, c := range map[string]struct {
		change  access.Change
		touched []string
		written bool
	}{
		"nothing":                {access.Change{}, nil, false},
		"a role as it was":       {access.Change{Roles: office.Roles}, nil, false},
		"the forest as it was":   {access.Change{Departments: office.Departments}, nil, false},
		"nobody leaves":          {access.Change{WithoutUsers: []string{"x"}, WithoutRoles: []string{"x"}}, nil, false},
		"a role":                 {access.Change{Roles: []access.Role{agent}}, []string{"agent", "guest"}, false},
		"somebody":               {access.Change{Users: []access.User{{ID: "agent"}}}, []string{"agent"}, true},
		"somebody leaves":        {access.Change{WithoutUsers: []string{"agent"}}, []string{"agent"}, true},
		"somebody comes":         {access.Change{Users: []access.User{{ID: "new"}}}, []string{"new"}, true},
		"a department elsewhere": {access.Change{Departments: append(office.Departments[:5:5], access.Department{ID: "x", Parent: "hr"})}, []string{"guest"}, false},
		"everybody":              {access.Change{Suspended: &silent}, []string{"admin", "agent", "chief", "gone", "guest", "lead", "listed"}, false},
	} {
		var touched []string
		for _, p := range access.Compare(s, must(s.With(c.change))) {
			touched = append(touched, p.ID)
			if p.Written != c.written {
				t.Errorf("%s: %s written: %t", name, p.ID, p.Written)
			}
		}
		if !slices.Equal(touched, c.touched) {
			t.Errorf("%s: touched %q, want %q", name, touched, c.touched)
		}
	}
}

func TestAChangeThatMeansTwoThingsIsRefused(t *testing.T) {
	s, office := compiled(), office()
	for name, c := range map[string]access.Change{
		"a user twice":           {Users: []access.User{{ID: "a"}, {ID: "a"}}},
		"a user here and gone":   {Users: office.Users[:1], WithoutUsers: []string{"agent"}},
		"a role twice":           {Roles: []access.Role{{Name: "a"}, {Name: "a"}}},
		"a role here and gone":   {Roles: office.Roles[:1], WithoutRoles: []string{"agent"}},
		"a role that is held":    {WithoutRoles: []string{"agent"}},
		"a role of no name":      {Roles: []access.Role{{}}},
		"a user without id":      {Users: []access.User{{}}},
		"a forest without it":    {Departments: office.Departments[1:2]},
		"a forest with a cycle":  {Departments: []access.Department{{ID: "it", Parent: "it"}}},
		"a user in no such role": {Users: []access.User{{ID: "a", Assignments: []access.Assignment{{Role: "x"}}}}},
	} {
		if _, err := s.With(c); err == nil {
			t.Errorf("%s: made", name)
		}
	}
}

// Many changes of one snapshot at once, as requests make them, and questions
// meanwhile.
func TestManyFollowOneSnapshotAtOnce(t *testing.T) {
	s := compiled()
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			home := []string{"it", "hr", "it-network"}[i%3:]
			next := must(s.With(access.Change{Users: []access.User{{ID: "new", Active: true, Departments: home}}}))
			for range 20 {
				next = must(next.With(access.Change{Departments: office().Departments, Users: []access.User{{ID: "newer", Departments: home[:1]}}}))
			}
			if got := subject(next, "new").User().Departments; !slices.Equal(got, home) || len(s.Subjects()) != 7 {
				t.Errorf("new is in %q, and the first snapshot has %d users", got, len(s.Subjects()))
			}
		})
	}
	group.Wait()
}
