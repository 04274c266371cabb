package identity

import (
	"context"

	"github.com/usher-desk/usher/internal/store"
)

// Figures are how many users a tenant has.
type Figures struct{ All, Active int64 }

// Count counts the users of the transaction's tenant.
func Count(ctx context.Context, tx *store.Tx) (f Figures, err error) {
	err = tx.QueryRow(ctx, `
		SELECT
			count(*),
			count(*) FILTER (WHERE u.active)
		FROM users u
		WHERE u.tenant_id = $1`, nil, &f.All, &f.Active)
	return f, err
}
