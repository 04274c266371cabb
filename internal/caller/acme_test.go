package caller_test

import (
	"testing"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// acme is a tenant with a user for each way of holding conversation:assign, or of not holding it.
// Departments are help ─ printers and sales.
func acme() access.Tenant {
	return access.Tenant{
		ID:          "acme",
		Departments: []access.Department{{ID: "help"}, {ID: "printers", Parent: "help"}, {ID: "sales"}},
		Roles: []access.Role{
			role("agent", "conversation:read:own", "conversation:read:unassigned", "conversation:assign:own"),
			role("lead", "conversation:read:department", "conversation:assign:department"),
			role("reader", "conversation:read:all"),
			role("writer", "conversation:assign:all"),
			{Name: "retired", Permissions: permissions("conversation:assign:all", "conversation:read:all")},
		},
		Users: []access.User{
			user("agent", access.Assignment{Role: "agent"}),
			user("lead", access.Assignment{Role: "lead"}),
			user("reader", access.Assignment{Role: "reader"}),
			user("writer", access.Assignment{Role: "writer"}),
			user("late", access.Assignment{Role: "writer", ExpiresAt: noon}),
			user("pensioner", access.Assignment{Role: "retired"}),
			user("nobody"),
			{ID: "gone", Assignments: []access.Assignment{{Role: "writer"}}},
		},
	}
}

func role(name string, list ...string) access.Role {
	return access.Role{Name: name, Active: true, Permissions: permissions(list...)}
}

func permissions(list ...string) []access.Permission {
	var all []access.Permission
	for _, text := range list {
		p, err := access.BuiltIn().Canonical(text)
		if err != nil {
			panic(err)
		}
		all = append(all, p)
	}
	return all
}

func user(id string, assignments ...access.Assignment) access.User {
	return access.User{ID: id, Active: true, Departments: []string{"help"}, Assignments: assignments}
}

// by is a user of acme as a caller at noon.
func by(t *testing.T, id string, changes ...func(*access.Tenant)) *caller.Caller {
	t.Helper()
	policy := acme()
	for _, change := range changes {
		change(&policy)
	}
	snapshot, err := access.Compile(access.BuiltIn(), policy)
	if err != nil {
		t.Fatal(err)
	}
	subject, found := snapshot.Subject(id)
	if !found {
		t.Fatalf("acme has no user %s", id)
	}
	return &caller.Caller{Tenant: "acme", User: id, Subject: subject, Catalogue: snapshot.Catalogue(), Policy: 1, At: noon}
}

func suspended(t *access.Tenant) { t.Suspended = true }

func conversation(assignee string, departments ...string) *access.Object {
	return &access.Object{Tenant: "acme", Resource: "conversation", ID: "c", Assignable: true, Assignee: assignee, Departments: departments}
}

// refusal is what a caller hears.
type refusal struct{ Code, Detail string }

func refusalOf(err error) refusal {
	if err == nil {
		return refusal{}
	}
	f := fault.From(err)
	return refusal{f.Code.Name, f.Detail}
}
