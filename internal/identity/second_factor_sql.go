package identity

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// factor is the second factor of a user as it is stored.
type factor struct {
	sealed      string
	confirmedAt time.Time
	lastStep    int64 // the last whose code was accepted
}

func findFactor(ctx context.Context, tx *store.Tx, user string) (factor, error) {
	return store.One(ctx, tx, scanFactor, `
		SELECT
			f.sealed,
			f.confirmed_at,
			f.last_step
		FROM second_factors f
		WHERE f.tenant_id = $1 AND f.user_id = $2`, user)
}

func scanFactor(r store.Row) (factor, error) {
	var f factor
	var confirmed int64
	err := r.Scan(&f.sealed, &confirmed, &f.lastStep)
	f.confirmedAt = time.UnixMicro(confirmed).UTC()
	return f, err
}

// use marks a step as used, and with it every earlier one. [ErrWrongCode] when it is used already, or
// the factor is no longer the one that was read.
func (f factor) use(ctx context.Context, tx *store.Tx, user string, step int64) error {
	n, err := tx.Exec(ctx, `
		UPDATE second_factors
		SET last_step = $3
		WHERE tenant_id = $1 AND user_id = $2 AND last_step < $3 AND sealed = $4`, user, step, f.sealed)
	if err == nil && n != 1 {
		err = ErrWrongCode
	}
	return err
}

func insertFactor(ctx context.Context, tx *store.Tx, user string, f factor) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO second_factors (tenant_id, user_id, sealed, confirmed_at, last_step)
		VALUES ($1, $2, $3, $4, $5)`, user, f.sealed, f.confirmedAt.UnixMicro(), f.lastStep)
	return err
}

func deleteFactor(ctx context.Context, tx *store.Tx, user string) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM second_factors
		WHERE tenant_id = $1 AND user_id = $2`, user)
	return err
}

// raiseVersion gives the user another version: whether there is a second factor is part of what is shown.
func raiseVersion(ctx context.Context, tx *store.Tx, user string) error {
	n, err := tx.Exec(ctx, `
		UPDATE users
		SET version = version + 1, updated_at = $3
		WHERE tenant_id = $1 AND id = $2`, user, tx.Now.UnixMicro())
	if err == nil && n == 0 {
		err = store.ErrNotFound
	}
	return err
}
