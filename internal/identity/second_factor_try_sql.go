package identity

import (
	"context"
	"errors"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// addFactorFailure counts one more failure of the user and holds the row until the transaction ends;
// or it returns how long it is until the next try may come, and counts nothing.
func addFactorFailure(ctx context.Context, tx *store.Tx, user string) (failures int64, early time.Duration, err error) {
	now := tx.Now.UnixMicro()
	_, err = tx.Exec(ctx, `
		INSERT INTO factor_failures (tenant_id, user_id, failures, next_at, updated_at)
		VALUES ($1, $2, 0, 0, $3)
		ON CONFLICT DO NOTHING`, user, now)
	if err != nil {
		return 0, 0, err
	}
	n, err := tx.Exec(ctx, `
		UPDATE factor_failures
		SET failures = CASE WHEN updated_at < $4 THEN 1 ELSE failures + 1 END, updated_at = $3
		WHERE tenant_id = $1 AND user_id = $2 AND next_at <= $3`, user, now, tx.Now.Add(-ForgivenAfter).UnixMicro())
	if err != nil {
		return 0, 0, err
	}
	var next int64
	err = tx.QueryRow(ctx, `
		SELECT f.failures, f.next_at
		FROM factor_failures f
		WHERE f.tenant_id = $1 AND f.user_id = $2`, []any{user}, &failures, &next)
	switch {
	case n == 1:
		return failures, 0, err
	case errors.Is(err, store.ErrNotFound): // another try has succeeded in between; the next one may go on
		return 0, FirstWait, nil
	}
	return failures, time.UnixMicro(next).Sub(tx.Now), err
}

func setFactorWait(ctx context.Context, tx *store.Tx, user string, wait time.Duration) error {
	_, err := tx.Exec(ctx, `
		UPDATE factor_failures
		SET next_at = $3
		WHERE tenant_id = $1 AND user_id = $2`, user, tx.Now.Add(wait).UnixMicro())
	return err
}

// ForgiveFactorTries forgets what [Service.TakeFactorTry] has counted of a user, after a success.
func ForgiveFactorTries(ctx context.Context, tx *store.Tx, user string) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM factor_failures
		WHERE tenant_id = $1 AND user_id = $2`, user)
	return err
}
