package session

import (
	"context"
	"database/sql"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// Usage is how much a tenant is in use.
type Usage struct {
	Alive      int64     // sessions in force
	LastSignIn time.Time // the last that succeeded, as far back as the sign-in log goes; zero for none
}

// UsageOf counts the sessions of the transaction's tenant. The success is written out, as in the index
// that answers it.
func UsageOf(ctx context.Context, tx *store.Tx) (Usage, error) {
	var f Usage
	var last sql.NullInt64
	err := tx.QueryRow(ctx, `
		SELECT
			(SELECT count(*) FROM sessions s WHERE s.tenant_id = $1 AND s.ended_at IS NULL AND s.expires_at > $2),
			(SELECT max(i.time) FROM sign_ins i WHERE i.tenant_id = $1 AND i.outcome = 'success')`,
		[]any{tx.Now.UnixMicro()}, &f.Alive, &last)
	if last.Valid {
		f.LastSignIn = time.UnixMicro(last.Int64).UTC()
	}
	return f, err
}
