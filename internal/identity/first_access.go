package identity

import (
	"context"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// firstAccess is what a new user begins with.
type firstAccess struct {
	roles []policy.Assignment
	list  []access.Permission // nil: the roles decide
}

// firstAccess reads what a request gives to a new user. Whatever is not the default needs
// role:assign.
func (in *createUserInput) firstAccess(ctx context.Context, tx *store.Tx, by *caller.Caller) (first firstAccess, err error) {
	t, err := tenant.Find(ctx, tx)
	if err != nil {
		return firstAccess{}, err
	}
	if in.ordinary(t.DefaultRole) {
		if t.DefaultRole != "" {
			first.roles = []policy.Assignment{{Role: t.DefaultRole}}
		}
		return first, nil
	}
	if err := policy.MayAssign(by); err != nil {
		return firstAccess{}, err
	}
	if err := policy.CheckDepartments(by.Subject.Snapshot(), "body.departments", in.Body.Departments); err != nil {
		return firstAccess{}, err
	}
	return in.special(tx, by, t.DefaultRole)
}

// ordinary tells whether the new user gets the default role and nothing else.
func (in *createUserInput) ordinary(defaultRole string) bool {
	b := &in.Body
	if len(b.Departments) > 0 || b.PermissionList.Sent && !b.PermissionList.Null {
		return false
	}
	return b.Roles == nil || len(*b.Roles) == 1 && plain((*b.Roles)[0], defaultRole)
}

// plain tells whether an entry is the role alone, without expiry and departments of its own.
func plain(e policy.RoleEntry, role string) bool {
	return role != "" && e.Role == role && e.ExpiresAt == nil && e.Departments == nil
}

func (in *createUserInput) special(tx *store.Tx, by *caller.Caller, defaultRole string) (first firstAccess, err error) {
	entries := []policy.RoleEntry{}
	switch {
	case in.Body.Roles != nil:
		entries = *in.Body.Roles
	case defaultRole != "":
		entries = append(entries, policy.RoleEntry{Role: defaultRole})
	}
	if first.roles, err = policy.ParseAssignments(by.Subject.Snapshot(), tx.Now, "body.roles", entries); err != nil {
		return firstAccess{}, err
	}
	if sent := in.Body.PermissionList; sent.Sent && !sent.Null {
		first.list, err = policy.ParsePermissions(by.Catalogue, "body.permission_list", sent.Value)
	}
	return first, err
}

func (first firstAccess) store(ctx context.Context, tx *store.Tx, user string) error {
	if err := policy.SetAssignments(ctx, tx, user, first.roles); err != nil || first.list == nil {
		return err
	}
	return policy.SetPermissionList(ctx, tx, user, first.list)
}

func (first firstAccess) note(ctx context.Context) {
	var roles []string
	for _, a := range first.roles {
		roles = append(roles, a.Role)
	}
	if len(roles) > 0 {
		api.Changed(ctx, "roles", nil, sortedSet(roles))
	}
	if first.list != nil {
		api.Changed(ctx, "permission_list", nil, policy.PermissionNames(first.list))
	}
}
