package exchange

import (
	"context"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
)

// errRoleDiffers keeps an import from changing what people hold unseen.
var errRoleDiffers = fault.Define(fault.Conflict, "role_differs",
	"There is a role of this name that says something else.", "已存在同名但内容不同的角色。",
	"An import makes roles and changes none: edit the role by itself, where it can be seen what its holders gain and lose.")

// bringRoles makes the roles that are not there yet. Those that are must say what the row says.
func bringRoles(by *caller.Caller, in []row, r *report) bringing {
	seen := once{}
	rows := readAll(in, r, func(one row) policy.Role {
		role := readRole(by, one, r)
		seen.check(one, "name", role.Name, r)
		return role
	})
	return func(ctx context.Context, tx *store.Tx, r *report) (err error) {
		b := roleImport{by: by, tx: tx, there: map[string]policy.Role{}, r: r}
		if b.reads, err = by.Filter("role:read"); err != nil {
			return err
		}
		known, err := policy.AllRoles(ctx, tx)
		if err != nil {
			return err
		}
		for _, role := range known {
			b.there[role.Name] = role
		}
		return each(ctx, rows, r, func(role numbered[policy.Role]) error { return b.add(ctx, role.value) })
	}
}

type roleImport struct {
	by    *caller.Caller
	tx    *store.Tx
	reads access.Filter
	there map[string]policy.Role
	r     *report
}

// add makes one role, or finds that it is there. Who may not read that is told that the name is taken, and not by what.
func (b roleImport) add(ctx context.Context, role policy.Role) error {
	there, found := b.there[role.Name]
	known := found && b.reads.Covers(&access.Object{Tenant: b.by.Tenant, Resource: "role", ID: role.Name})
	switch {
	case known && policy.SameRole(there, role):
		b.r.unchanged++
		return nil
	case known:
		return errRoleDiffers
	}
	if err := policy.AddRole(ctx, b.tx, b.by, role); err != nil {
		return err
	}
	one, notes := api.NotesOfOne(ctx)
	policy.NoteNewRole(one, role)
	b.r.made(notes)
	return nil
}

func readRole(by *caller.Caller, in row, r *report) (role policy.Role) {
	for _, column := range []struct {
		name  string
		field *string
	}{
		{"name", &role.Name},
		{"label_zh", &role.LabelZH},
		{"label_en", &role.LabelEN},
		{"description_zh", &role.DescriptionZH},
		{"description_en", &role.DescriptionEN},
	} {
		*column.field, _ = in.text(column.name, r)
	}
	names, _ := in.list("permissions", r)
	role.RequiresMFA, _ = in.flag("requires_mfa", false, r)
	role.Active, _ = in.flag("active", true, r)
	var err error
	if role.Permissions, err = policy.ParsePermissions(by.Catalogue, "body.permissions", names); err == nil {
		err = role.CheckNew()
	}
	if err != nil {
		_ = r.refused(in.number, err) // which is a refusal
	}
	return role
}
