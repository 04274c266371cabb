package exchange

import (
	"context"
	"slices"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// departmentRow is a department by the path of names that leads to it.
type departmentRow struct {
	number int
	path   []string
}

// bringDepartments makes the departments that are not there yet. Where they lie is all that a row says.
func bringDepartments(by *caller.Caller, in []row, r *report) bringing {
	var rows []departmentRow
	seen := once{}
	for _, one := range in {
		text, _ := one.text("path", r)
		path, err := split('/', text)
		if err != nil {
			r.refuse(one.number, "path", "", err.Error())
			continue
		}
		seen.check(one, "path", joined('/', path), r)
		rows = append(rows, departmentRow{one.number, path})
	}
	// Whatever the order of the file: what lies above comes first.
	slices.SortStableFunc(rows, func(a, b departmentRow) int { return len(a.path) - len(b.path) })
	return func(ctx context.Context, tx *store.Tx, r *report) error {
		tree, err := tenant.LoadTree(ctx, tx)
		if err != nil {
			return err
		}
		b := departmentImport{by, tx, tree, map[string]string{}, r}
		for _, d := range rows {
			err := b.add(ctx, d)
			if err == nil {
				continue
			}
			if err := r.refused(d.number, err); err != nil {
				return err
			}
		}
		return nil
	}
}

type departmentImport struct {
	by     *caller.Caller
	tx     *store.Tx
	tree   *tenant.Tree
	stands map[string]string // for each that was made here, the lowest above it that was there before
	r      *report
}

// add makes one department. The permission is asked for at the lowest place above it that the caller's policy
// knows: whoever reaches that reaches what is made below.
func (b departmentImport) add(ctx context.Context, d departmentRow) error {
	above, name := d.path[:len(d.path)-1], d.path[len(d.path)-1]
	parent, found := b.tree.Find(above)
	if len(above) > 0 && !found {
		return fault.ErrInvalid.At("body.path", "there is nothing at the path above it, here or in the file")
	}
	place := parent
	if made, isNew := b.stands[parent]; isNew {
		place = made
	}
	o := &access.Object{Tenant: b.by.Tenant, Resource: "department"}
	if place != "" {
		o.Departments = []string{place}
	}
	if err := b.by.RequireNew("department:create", o); err != nil {
		return err
	}
	if _, there := b.tree.Find(d.path); there {
		b.r.unchanged++
		return nil
	}
	made, err := b.tree.Add(ctx, b.tx, name, parent)
	if err != nil {
		return err
	}
	b.stands[made.ID] = place
	b.r.made("department", made.ID)
	return nil
}
