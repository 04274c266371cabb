package exchange

import (
	"context"

	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
)

// errRoleDiffers keeps an import from changing what people hold unseen.
var errRoleDiffers = fault.Define(fault.Conflict, "role_differs",
	"There is a role of this name that says something else.", "已存在同名但内容不同的角色。",
	"An import makes roles and changes none: edit the role by itself, where it can be seen what its holders gain and lose.")

type roleRow struct {
	number int
	role   policy.Role
}

// bringRoles makes the roles that are not there yet. Those that are must say what the row says.
func bringRoles(by *caller.Caller, in []row, r *report) bringing {
	var rows []roleRow
	seen := once{}
	for _, one := range in {
		before := r.badAll
		role := readRole(by, one, r)
		seen.check(one, "name", role.Name, r)
		if r.badAll == before {
			rows = append(rows, roleRow{one.number, role})
		}
	}
	return func(ctx context.Context, tx *store.Tx, r *report) error {
		known, err := policy.AllRoles(ctx, tx)
		if err != nil {
			return err
		}
		byName := map[string]policy.Role{}
		for _, role := range known {
			byName[role.Name] = role
		}
		for _, one := range rows {
			there, found := byName[one.role.Name]
			if err := addRole(ctx, tx, by, there, found, one.role, r); err == nil {
				continue
			} else if err := r.refused(one.number, err); err != nil {
				return err
			}
		}
		return nil
	}
}

// addRole makes one role, or finds that it is there.
func addRole(ctx context.Context, tx *store.Tx, by *caller.Caller, there policy.Role, found bool, role policy.Role, r *report) error {
	switch {
	case found && policy.SameRole(there, role):
		r.unchanged++
		return nil
	case found:
		return errRoleDiffers
	}
	if err := policy.AddRole(ctx, tx, by, role); err != nil {
		return err
	}
	r.made("role", role.Name)
	return nil
}

func readRole(by *caller.Caller, in row, r *report) (role policy.Role) {
	for column, field := range map[string]*string{
		"name": &role.Name, "label_zh": &role.LabelZH, "label_en": &role.LabelEN,
		"description_zh": &role.DescriptionZH, "description_en": &role.DescriptionEN,
	} {
		*field, _ = in.text(column, r)
	}
	role.RequiresMFA, _ = in.flag("requires_mfa", false, r)
	role.Active, _ = in.flag("active", true, r)
	names, _ := in.list("permissions", r)
	var err error
	if role.Permissions, err = policy.ParsePermissions(by.Catalogue, "body.permissions", names); err == nil {
		err = role.CheckNew()
	}
	if err != nil {
		_ = r.refused(in.number, err) // which is a refusal
	}
	return role
}
