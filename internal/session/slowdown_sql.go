package session

import (
	"context"
	"errors"
	"time"

	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/store"
)

// addFailure counts one more failure of the pair and holds its row until the transaction ends; or it
// returns how long it is until the next try may come, and counts nothing.
func addFailure(ctx context.Context, tx *store.Tx, pair string) (failures int64, early time.Duration, err error) {
	now := tx.Now.UnixMicro()
	_, err = tx.Exec(ctx, `
		INSERT INTO sign_in_failures (tenant_id, pair, failures, next_at, updated_at)
		VALUES ($1, $2, 0, 0, $3)
		ON CONFLICT DO NOTHING`, pair, now)
	if err != nil {
		return 0, 0, err
	}
	n, err := tx.Exec(ctx, `
		UPDATE sign_in_failures
		SET failures = CASE WHEN updated_at < $4 THEN 1 ELSE failures + 1 END, updated_at = $3
		WHERE tenant_id = $1
		  AND pair = $2
		  AND next_at <= $3`, pair, now, tx.Now.Add(-identity.ForgivenAfter).UnixMicro())
	if err != nil {
		return 0, 0, err
	}
	var next int64
	err = tx.QueryRow(ctx, `
		SELECT f.failures, f.next_at
		FROM sign_in_failures f
		WHERE f.tenant_id = $1
		  AND f.pair = $2`, []any{pair}, &failures, &next)
	switch {
	case n == 1:
		return failures, 0, err
	case errors.Is(err, store.ErrNotFound): // another try has succeeded in between; the next one may go on
		return 0, identity.FirstWait, nil
	}
	return failures, time.UnixMicro(next).Sub(tx.Now), err
}

func setWait(ctx context.Context, tx *store.Tx, pair string, wait time.Duration) error {
	_, err := tx.Exec(ctx, `
		UPDATE sign_in_failures
		SET next_at = $3
		WHERE tenant_id = $1
		  AND pair = $2`, pair, tx.Now.Add(wait).UnixMicro())
	return err
}

// subtractFailure leaves no row where nothing is counted: tries that nobody judges must not fill the
// table.
func subtractFailure(ctx context.Context, tx *store.Tx, pair string) error {
	_, err := tx.Exec(ctx, `
		UPDATE sign_in_failures
		SET failures = failures - 1, next_at = $3
		WHERE tenant_id = $1
		  AND pair = $2
		  AND failures > 0`, pair, tx.Now.UnixMicro())
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		DELETE FROM sign_in_failures
		WHERE tenant_id = $1
		  AND pair = $2
		  AND failures = 0`, pair)
	return err
}

func deleteFailures(ctx context.Context, tx *store.Tx, pair string) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM sign_in_failures
		WHERE tenant_id = $1
		  AND pair = $2`, pair)
	return err
}

// dropForgiven keeps strangers' names from filling the tables.
func dropForgiven(ctx context.Context, tx *store.Tx) error {
	if err := dropTries(ctx, tx); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		DELETE FROM sign_in_failures
		WHERE tenant_id = $1
		  AND updated_at < $2`, tx.Now.Add(-identity.ForgivenAfter).UnixMicro())
	return err
}
