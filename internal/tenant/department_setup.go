package tenant

import (
	"context"
	"strings"

	"github.com/usher-desk/usher/internal/store"
)

// AddDepartment adds a department below its parent, "" for a root. It asks nobody's permission: under
// the guard rails it is called with the permission decided, otherwise while a tenant is being set up,
// when nobody holds anything yet. The errors are [fault.ErrInvalid], name_taken and
// department_too_deep.
func AddDepartment(ctx context.Context, tx *store.Tx, name, parent string) (Department, error) {
	d := Department{
		ID: store.NewID(tx.Now), Parent: parent, Name: strings.TrimSpace(name),
		Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now,
	}
	if err := CheckName("body.name", d.Name); err != nil {
		return Department{}, err
	}
	if err := d.checkPlace(ctx, tx); err != nil {
		return Department{}, err
	}
	return d, d.insert(ctx, tx)
}
