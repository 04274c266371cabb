package exchange

import (
	"context"
	"slices"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// bringDepartments makes the departments that are not there yet. Where they lie, by the path of names that leads
// there, is all that a row says.
func bringDepartments(by *caller.Caller, in []row, r *report) bringing {
	seen := once{}
	rows := readAll(in, r, func(one row) []string {
		text, _ := one.text("path", r)
		path, err := split('/', text)
		if err != nil {
			r.refuse(one.number, "path", "", err.Error())
			return nil
		}
		seen.check(one, "path", joined('/', path), r)
		return path
	})
	// Whatever the order of the file: what lies above comes first.
	slices.SortStableFunc(rows, func(a, b numbered[[]string]) int { return len(a.value) - len(b.value) })
	return func(ctx context.Context, tx *store.Tx, r *report) error {
		n, err := readNames(ctx, tx, by)
		if err != nil {
			return err
		}
		b := departmentImport{n, tx, map[string]string{}, r}
		return each(ctx, rows, r, func(d numbered[[]string]) error { return b.add(ctx, d.value) })
	}
}

type departmentImport struct {
	names
	tx     *store.Tx
	stands map[string]string // for each that was made here, the lowest above it that was there before
	r      *report
}

// add makes one department.
func (b departmentImport) add(ctx context.Context, path []string) error {
	above, name := path[:len(path)-1], path[len(path)-1]
	parent, place, err := b.place(above)
	if err != nil {
		return err
	}
	if _, there := b.tree.Find(path, anyDepartment); there {
		b.r.unchanged++
		return nil
	}
	made, err := b.tree.Add(ctx, b.tx, name, parent)
	if err != nil {
		return err
	}
	b.stands[made.ID] = place
	one, notes := api.NotesOfOne(ctx)
	api.Touched(one, "department", made.ID)
	b.r.made(notes)
	return nil
}

// place finds the department at a path, below which the caller may add another. The permission is asked for at the
// lowest place there that the caller's policy knows: whoever reaches that reaches what is made below. Where
// they may neither add nor read, there is nothing.
func (b departmentImport) place(path []string) (parent, place string, err error) {
	nothing := fault.ErrInvalid.At("body.path", "there is nothing at the path above it, here or in the file")
	parent, found := b.tree.Find(path, anyDepartment)
	if len(path) > 0 && !found {
		return "", "", nothing
	}
	place = parent
	if known, isNew := b.stands[parent]; isNew {
		place = known
	}
	o := &access.Object{Tenant: b.by.Tenant, Resource: "department"}
	if place != "" {
		o.Departments = []string{place}
	}
	err = b.by.RequireNew("department:create", o)
	if err != nil && place != "" && !b.shown(place) {
		err = nothing
	}
	return parent, place, err
}

func anyDepartment(string) bool { return true }
