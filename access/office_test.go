package access_test

import (
	"time"

	"github.com/usher-desk/usher/access"
)

// office is a small tenant that tests change: a forest of
//
//	it ── it-desktop ── it-printers
//	   └─ it-network
//	hr
//
// and a user for each way of holding something. Each call returns a new one.
func office() access.Tenant {
	list := func(names ...string) []access.Permission {
		permissions := []access.Permission{}
		for _, name := range names {
			permissions = append(permissions, must(access.BuiltIn().Canonical(name)))
		}
		return permissions
	}
	return access.Tenant{
		ID: "acme",
		Departments: []access.Department{
			{ID: "it"}, {ID: "hr"},
			{ID: "it-desktop", Parent: "it"}, {ID: "it-network", Parent: "it"},
			{ID: "it-printers", Parent: "it-desktop"},
		},
		Roles: []access.Role{
			{Name: "agent", Active: true, Permissions: list("conversation:read:own", "conversation:read:unassigned", "conversation:take:unassigned")},
			{Name: "lead", Active: true, Permissions: list("conversation:read:department", "queue:read:department", "user:view")},
			{Name: "admin", Active: true, Permissions: list("*")},
			{Name: "retired", Permissions: list("conversation:delete", "conversation:export:department")},
		},
		Users: []access.User{
			{ID: "agent", Active: true, Departments: []string{"it-desktop"}, Assignments: []access.Assignment{{ID: "a", Role: "agent"}}},
			{ID: "lead", Active: true, Departments: []string{"it-desktop"}, Assignments: []access.Assignment{{ID: "a", Role: "lead"}}},
			{ID: "chief", Active: true, Departments: []string{"it"}, Assignments: []access.Assignment{{ID: "a", Role: "lead"}}},
			{ID: "admin", Active: true, Assignments: []access.Assignment{{ID: "a", Role: "admin"}}},
			{ID: "guest", Active: true, Departments: []string{"hr"}, Assignments: []access.Assignment{
				{ID: "a", Role: "lead", Departments: []string{"it-network"}, ExpiresAt: noon.Add(time.Hour)},
				{ID: "b", Role: "agent", ExpiresAt: noon},
				{ID: "c", Role: "retired"},
			}},
			{ID: "listed", Active: true, Departments: []string{"it"}, PermissionList: list("conversation:read:department"),
				Assignments: []access.Assignment{{ID: "a", Role: "admin", ExpiresAt: noon.Add(-time.Hour)}}},
			{ID: "gone", Departments: []string{"it"}, Assignments: []access.Assignment{{ID: "a", Role: "admin"}}},
		},
	}
}

// compiled is the office as a snapshot, with changes.
func compiled(changes ...func(t *access.Tenant)) *access.Snapshot {
	t := office()
	for _, change := range changes {
		change(&t)
	}
	return must(access.Compile(access.BuiltIn(), t))
}

// user returns a user of a tenant, to be changed.
func user(t *access.Tenant, id string) *access.User {
	for i := range t.Users {
		if t.Users[i].ID == id {
			return &t.Users[i]
		}
	}
	panic("no user " + id)
}

// subject returns a subject that the tenant is known to have.
func subject(s *access.Snapshot, id string) access.Subject {
	found, ok := s.Subject(id)
	if !ok {
		panic("no subject " + id)
	}
	return found
}

// conversation is an object in the office.
func conversation(departments ...string) *access.Object {
	return &access.Object{Tenant: "acme", Resource: "conversation", ID: "c", Assignable: true, Departments: departments}
}
