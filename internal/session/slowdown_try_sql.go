package session

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// holdBrake holds the row of a counter until the transaction ends, and returns when the last try was
// let through.
func holdBrake(ctx context.Context, tx *store.Tx, counter string) (time.Time, error) {
	var last int64
	err := tx.QueryRow(ctx, `
		INSERT INTO sign_in_brakes (tenant_id, counter, tried_at)
		VALUES ($1, $2, 0)
		ON CONFLICT (tenant_id, counter) DO UPDATE SET tried_at = sign_in_brakes.tried_at
		RETURNING tried_at`, []any{counter}, &last)
	return time.UnixMicro(last).UTC(), err
}

func setTried(ctx context.Context, tx *store.Tx, counter string) error {
	_, err := tx.Exec(ctx, `
		UPDATE sign_in_brakes
		SET tried_at = $3
		WHERE tenant_id = $1
		  AND counter = $2`, counter, tx.Now.UnixMicro())
	return err
}

// release has the next try wait no longer than if this one had not been.
func (r tryRow) release(ctx context.Context, tx *store.Tx) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM sign_in_brakes
		WHERE tenant_id = $1
		  AND counter IN ($2, $3)
		  AND tried_at = $4`, r.name, r.network, r.time.UnixMicro())
	return err
}

func (r tryRow) insert(ctx context.Context, tx *store.Tx) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO sign_in_tries (tenant_id, time, id, name, network)
		VALUES ($1, $2, $3, $4, $5)`, r.time.UnixMicro(), r.id, r.name, r.network)
	return err
}

func (r tryRow) delete(ctx context.Context, tx *store.Tx) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM sign_in_tries
		WHERE tenant_id = $1
		  AND time = $2
		  AND id = $3`, r.time.UnixMicro(), r.id)
	return err
}

func triesUnderName(ctx context.Context, tx *store.Tx, name string, after time.Time) (n int64, err error) {
	err = tx.QueryRow(ctx, `
		SELECT count(*)
		FROM sign_in_tries t
		WHERE t.tenant_id = $1
		  AND t.name = $2
		  AND t.time > $3`, []any{name, after.UnixMicro()}, &n)
	return n, err
}

// triesFromNetwork also counts under how many names they were, and tells whether name is none of them.
func triesFromNetwork(ctx context.Context, tx *store.Tx, network, name string, after time.Time) (n, names int64, fresh bool, err error) {
	var same int64
	err = tx.QueryRow(ctx, `
		SELECT
			count(*),
			count(DISTINCT t.name),
			count(*) FILTER (WHERE t.name = $3)
		FROM sign_in_tries t
		WHERE t.tenant_id = $1
		  AND t.network = $2
		  AND t.time > $4`, []any{network, name, after.UnixMicro()}, &n, &names, &same)
	return n, names, same == 0, err
}

func dropTries(ctx context.Context, tx *store.Tx) error {
	old := tx.Now.Add(-nameWindow).UnixMicro() // the longer of the windows, and longer than any pace
	_, err := tx.Exec(ctx, `
		DELETE FROM sign_in_tries
		WHERE tenant_id = $1
		  AND time < $2`, old)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		DELETE FROM sign_in_brakes
		WHERE tenant_id = $1
		  AND tried_at < $2`, old)
	return err
}
