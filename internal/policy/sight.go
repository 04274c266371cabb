package policy

import (
	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
)

// mayRead lets callers see what users have whom their user:read covers, and what they have
// themselves. Whom they may not see is answered like who does not exist.
func mayRead(by *caller.Caller, user string) error {
	return seen(by, user, "user:read")
}

// MayAssign asks for the permission that guards roles, permission lists and departments of users,
// besides the one that an operation itself needs.
func MayAssign(by *caller.Caller) error {
	return by.RequireNew("role:assign", roleObject(by.Tenant, ""))
}

// MayAssignTo lets callers who hold role:assign change the roles of users whom they can see at all.
func MayAssignTo(by *caller.Caller, user string) error {
	if err := seen(by, user, "user:view", "user:read"); err != nil {
		return err
	}
	return MayAssign(by)
}

// seen passes when one of the permissions covers the user.
func seen(by *caller.Caller, user string, permissions ...string) (err error) {
	snapshot := by.Subject.Snapshot()
	if _, found := snapshot.Subject(user); !found {
		return fault.ErrNotFound
	}
	if user == by.User {
		return nil
	}
	object := userObject(snapshot, user)
	for _, p := range permissions {
		if err = by.RequireNew(p, object); err == nil {
			return nil
		}
	}
	return fault.ErrNotFound.Because(err)
}

// covers is [mayRead] of many, by what the caller's user:read covers. It decides nothing about the call itself.
func covers(reads access.Filter, by *caller.Caller, user string) bool {
	return reads.Everything || user == by.User || reads.Covers(userObject(by.Subject.Snapshot(), user))
}

// roleObject is a role as an object of the access rules.
func roleObject(tenant, name string) *access.Object {
	return &access.Object{Tenant: tenant, Resource: "role", ID: name}
}

// departmentObject is a department as an object of the access rules.
func departmentObject(tenant, id string) *access.Object {
	return &access.Object{Tenant: tenant, Resource: "department", ID: id, Departments: []string{id}}
}
