package tenant

import (
	"context"

	"github.com/usher-desk/usher/internal/store"
)

// lostEpochs is more than the epoch of anything can have grown by in a time that a restore has undone.
const lostEpochs = 1_000_000

// RaiseEpochs makes every access token of the transaction's tenant and of its users worthless, also those from a time
// that the database knows nothing of any more.
func RaiseEpochs(ctx context.Context, tx *store.Tx) error {
	for _, statement := range []string{
		`UPDATE tenants SET epoch = epoch + $2 WHERE tenant_id = $1`,
		`UPDATE users SET epoch = epoch + $2 WHERE tenant_id = $1`,
	} {
		if _, err := tx.Exec(ctx, statement, lostEpochs); err != nil {
			return err
		}
	}
	return nil
}
