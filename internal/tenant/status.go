package tenant

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// ErrSuspended: nobody is let into a suspended tenant, by nobody.
var ErrSuspended = fault.Define(fault.Conflict, "suspended_tenant",
	"The tenant is suspended.", "该租户已暂停。",
	"Resume it first; nobody is let in before.")

// SetStatus suspends the transaction's tenant, or lets it work again, under its lock. Its epoch grows:
// every token from before is void for good. A tenant that has the status stays as it is. Ending its
// sessions is the caller's to do. [store.ErrNotFound] when there is no such tenant.
func SetStatus(ctx context.Context, tx *store.Tx, status Status) (Tenant, error) {
	if _, err := Lock(ctx, tx); err != nil {
		return Tenant{}, err
	}
	before, err := Find(ctx, tx)
	if err != nil || before.Status == status {
		return before, err
	}
	_, err = tx.Exec(ctx, `
		UPDATE tenants
		SET status = $2,
			epoch = epoch + 1,
			version = version + 1,
			updated_at = $3
		WHERE tenant_id = $1`, string(status), tx.Now.UnixMicro())
	if err != nil {
		return Tenant{}, err
	}
	api.Changed(ctx, "status", term(string(before.Status)), term(string(status)))
	return Find(ctx, tx)
}
