package policy

import (
	"context"
	"strconv"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

func (s *Service) createRole(ctx context.Context, by *caller.Caller, r Role) (made Role, err error) {
	if err := r.CheckNew(); err != nil {
		return Role{}, err
	}
	err = s.Change(ctx, by, func(tx *store.Tx) error {
		if err := AddRole(ctx, tx, by, r); err != nil {
			return err
		}
		if made, err = findRole(ctx, tx, r.Name); err != nil {
			return err
		}
		noteRole(ctx, Role{}, made)
		return s.config.Audit.Append(ctx, tx)
	})
	return made, err
}

// updateRole edits a role of the tenant's own making.
func (s *Service) updateRole(ctx context.Context, by *caller.Caller, name string, version int64, change roleChange) (Role, error) {
	return s.changeRole(ctx, by, name, func(before Role) (Role, error) {
		if err := api.Meant(version, before.Version); err != nil {
			return Role{}, err
		}
		if before.BuiltIn {
			return Role{}, ErrBuiltInRole
		}
		return change.apply(by, before)
	})
}

func (s *Service) activateRole(ctx context.Context, by *caller.Caller, name string) (Role, error) {
	return s.changeRole(ctx, by, name, func(r Role) (Role, error) {
		r.Active = true
		return r, nil
	})
}

func (s *Service) deactivateRole(ctx context.Context, by *caller.Caller, name string) (Role, error) {
	return s.changeRole(ctx, by, name, func(r Role) (Role, error) {
		if r.Default {
			return Role{}, ErrDefaultRole
		}
		r.Active = false
		return r, nil
	})
}

// changeRole lets edit say what becomes of a role, and stores that.
func (s *Service) changeRole(ctx context.Context, by *caller.Caller, name string, edit func(Role) (Role, error)) (after Role, err error) {
	err = s.Change(ctx, by, func(tx *store.Tx) error {
		if err := by.Require("role:update", roleObject(by.Tenant, name)); err != nil {
			return err
		}
		before, err := findRole(ctx, tx, name)
		if err != nil {
			return err
		}
		if after, err = edit(before); err != nil {
			return err
		}
		if after, err = updateRole(ctx, tx, after); err != nil {
			return err
		}
		noteRole(ctx, before, after)
		return s.config.Audit.Append(ctx, tx)
	})
	return after, err
}

func (s *Service) deleteRole(ctx context.Context, by *caller.Caller, name string, version int64) error {
	return s.Change(ctx, by, func(tx *store.Tx) error {
		if err := by.Require("role:delete", roleObject(by.Tenant, name)); err != nil {
			return err
		}
		r, err := findRole(ctx, tx, name)
		if err != nil {
			return err
		}
		if err := r.mayGo(ctx, tx, version); err != nil {
			return err
		}
		left, err := leaveExclusions(ctx, tx, name)
		if err != nil {
			return err
		}
		if err := deleteRole(ctx, tx, name); err != nil {
			return err
		}
		noteRole(ctx, r, Role{Name: name})
		return s.config.Audit.Append(ctx, tx, noteExclusions(ctx, name, left, nil)...)
	})
}

// mayGo refuses to delete what is stale, built in, given to new users, or held by anybody.
func (r Role) mayGo(ctx context.Context, tx *store.Tx, version int64) error {
	if err := api.Meant(version, r.Version); err != nil {
		return err
	}
	switch {
	case r.BuiltIn:
		return ErrBuiltInRole
	case r.Default:
		return ErrDefaultRole
	}
	n, err := countHolders(ctx, tx, r.Name)
	if err == nil && n > 0 {
		err = ErrRoleInUse.With("%d users have it", n)
	}
	return err
}

// apply returns the role as it stands after the change.
func (c roleChange) apply(by *caller.Caller, r Role) (Role, error) {
	replace(&r.LabelZH, c.LabelZH)
	replace(&r.LabelEN, c.LabelEN)
	replace(&r.DescriptionZH, c.DescriptionZH)
	replace(&r.DescriptionEN, c.DescriptionEN)
	replace(&r.RequiresMFA, c.RequiresMFA)
	if c.Permissions != nil {
		var err error
		if r.Permissions, err = ParsePermissions(by.Catalogue, "body.permissions", *c.Permissions); err != nil {
			return Role{}, err
		}
	}
	return r, r.checkTexts()
}

func replace[T any](field *T, sent *T) {
	if sent != nil {
		*field = *sent
	}
}

// checkTexts refuses control characters in what people read; descriptions may have several lines.
func (r Role) checkTexts() error {
	return invalid(garbled(
		text{"body.label_zh", r.LabelZH, false},
		text{"body.label_en", r.LabelEN, false},
		text{"body.description_zh", r.DescriptionZH, true},
		text{"body.description_en", r.DescriptionEN, true},
	))
}

// noteRole tells the record what became of a role. What people wrote about it is only committed to.
func noteRole(ctx context.Context, before, after Role) {
	api.Touched(ctx, "role", after.Name)
	api.Changed(ctx, "permissions", PermissionNames(before.Permissions), PermissionNames(after.Permissions))
	api.Changed(ctx, "active", yesNo(before.Active), yesNo(after.Active))
	api.Changed(ctx, "requires_mfa", yesNo(before.RequiresMFA), yesNo(after.RequiresMFA))
	api.ChangedPrivately(ctx, "label_zh", before.LabelZH, after.LabelZH)
	api.ChangedPrivately(ctx, "label_en", before.LabelEN, after.LabelEN)
	api.ChangedPrivately(ctx, "description_zh", before.DescriptionZH, after.DescriptionZH)
	api.ChangedPrivately(ctx, "description_en", before.DescriptionEN, after.DescriptionEN)
}

func yesNo(b bool) []string { return []string{strconv.FormatBool(b)} }
