package tenant

import (
	"context"
	"errors"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// Codes of departments.
var (
	errNameTaken = fault.Define(fault.Conflict, "name_taken",
		"A department beside it has this name already.", "同级部门名称已存在。",
		"Choose another name; departments directly below the same one have different names.")
	errCycle = fault.Define(fault.Conflict, "department_cycle",
		"A department cannot lie below itself.", "部门不能移动到自身之下。",
		"Choose a parent that is neither the department itself nor below it.")
	errHasChildren = fault.Define(fault.Conflict, "department_has_children",
		"There are departments below this one.", "该部门下还有子部门。",
		"Move or delete the departments below it first.")
	errDepartmentInUse = fault.Define(fault.Conflict, "department_in_use",
		"The desk refers to this department.", "服务台正在使用该部门。",
		"Its skills, settings, conversations or canned replies name it; a department that has handled conversations stays.")
	errTooDeep = fault.Define(fault.Conflict, "department_too_deep",
		"The departments would lie too deep.", "部门层级过深。",
		"At most 32 departments may lie above each other.")
)

// Department is a node of a tenant's forest of departments.
type Department struct {
	ID        string
	Parent    string // "" for a root
	Name      string // unique among those with the same parent
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// key orders and compares names.
func (d Department) key() string { return store.Fold(d.Name) }

// departmentObject is what permissions on departments are about: the department itself, or, for one
// that is about to be there, the place where it will be. A root is in no department.
func departmentObject(tenant, id, place string) *access.Object {
	o := &access.Object{Tenant: tenant, Resource: "department", ID: id}
	if place != "" {
		o.Departments = []string{place}
	}
	return o
}

// createDepartment adds a department for the caller, who must hold the permission at its place.
func (s *Service) createDepartment(ctx context.Context, by *caller.Caller, name, parent string) (d Department, err error) {
	err = s.config.ChangeAccess(ctx, by, func(tx *store.Tx) error {
		if err := by.RequireNew("department:create", departmentObject(by.Tenant, "", parent)); err != nil {
			return err
		}
		if d, err = AddDepartment(ctx, tx, name, parent); err != nil {
			return err
		}
		noteDepartment(ctx, Department{}, d)
		return s.config.Audit.Append(ctx, tx)
	})
	return d, err
}

// changeDepartment renames or moves a department.
func (s *Service) changeDepartment(ctx context.Context, by *caller.Caller, id string, version int64, change departmentChange) (after Department, err error) {
	err = s.config.ChangeAccess(ctx, by, func(tx *store.Tx) error {
		before, err := s.mayChange(ctx, tx, by, "department:update", id, version)
		if err != nil {
			return err
		}
		after = change.apply(before)
		if err := CheckName("body.name", after.Name); err != nil {
			return err
		}
		if err := mayPlace(by, before, after); err != nil {
			return err
		}
		if err := after.checkPlace(ctx, tx); err != nil {
			return err
		}
		after.Version, after.UpdatedAt = before.Version+1, tx.Now
		if err := after.store(ctx, tx); err != nil {
			return err
		}
		noteDepartment(ctx, before, after)
		return s.config.Audit.Append(ctx, tx)
	})
	return after, err
}

// deleteDepartment removes a department that has none below it and that the desk does not refer to. It
// leaves the users and the assignments that name it.
func (s *Service) deleteDepartment(ctx context.Context, by *caller.Caller, id string, version int64) error {
	return s.config.ChangeAccess(ctx, by, func(tx *store.Tx) error {
		d, err := s.mayChange(ctx, tx, by, "department:delete", id, version)
		if err != nil {
			return err
		}
		if err := d.raiseMembers(ctx, tx); err != nil {
			return err
		}
		if err := d.delete(ctx, tx); errors.Is(err, store.ErrReference) {
			return errDepartmentInUse.Because(err)
		} else if err != nil {
			return err
		}
		noteDepartment(ctx, d, Department{ID: id})
		return s.config.Audit.Append(ctx, tx)
	})
}

// mayChange loads a department that the caller means to change, in the version that they know.
func (s *Service) mayChange(ctx context.Context, tx *store.Tx, by *caller.Caller, permission, id string, version int64) (Department, error) {
	d, err := findDepartment(ctx, tx, id)
	if err != nil {
		return Department{}, err
	}
	if err := by.Require(permission, departmentObject(by.Tenant, id, id)); err != nil {
		return Department{}, err
	}
	return d, api.Meant(version, d.Version)
}

// mayPlace asks for the permission at the place where a moved department will be. A place that the
// caller may not see is answered like one that does not exist.
func mayPlace(by *caller.Caller, before, after Department) error {
	if before.Parent == after.Parent {
		return nil
	}
	place := departmentObject(by.Tenant, after.Parent, after.Parent)
	if after.Parent == "" {
		return by.RequireNew("department:update", place)
	}
	if err := by.Require("department:update", place); errors.Is(err, fault.ErrNotFound) {
		return errNoParent()
	} else if err != nil {
		return err
	}
	return nil
}

func errNoParent() error { return fault.ErrInvalid.At("body.parent", "there is no such department") }

// checkPlace judges where the department would be, and its name there. The lock on the tenant's row
// keeps the forest as it is until the transaction ends.
func (d Department) checkPlace(ctx context.Context, tx *store.Tx) error {
	f, err := loadForest(ctx, tx)
	if err != nil {
		return err
	}
	if _, known := f[d.Parent]; !known && d.Parent != "" {
		return errNoParent()
	}
	if f.within(d.Parent, d.ID) {
		return errCycle
	}
	levels := 1
	if _, moves := f[d.ID]; moves {
		levels = f.height(d.ID)
	}
	if f.depth(d.Parent)+levels > maxDepth {
		return errTooDeep
	}
	free, err := d.nameFree(ctx, tx)
	if err == nil && !free {
		err = errNameTaken
	}
	return err
}
