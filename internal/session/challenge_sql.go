package session

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

func insertChallenge(ctx context.Context, tx *store.Tx, c challenge) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO challenges (tenant_id, id, user_id, secret_hash, enrols, tenant_epoch, user_epoch, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		c.id, c.user, c.hash, c.enrols, c.epochs.Tenant, c.epochs.User, tx.Now.UnixMicro(), c.expires.UnixMicro())
	return err
}

func findChallenge(ctx context.Context, tx *store.Tx, id string) (challenge, error) {
	return store.One(ctx, tx, scanChallenge, `
		SELECT
			c.id,
			c.user_id,
			c.secret_hash,
			c.enrols,
			c.tenant_epoch,
			c.user_epoch,
			c.expires_at
		FROM challenges c
		WHERE c.tenant_id = $1
		  AND c.id = $2`, id)
}

func scanChallenge(r store.Row) (challenge, error) {
	var c challenge
	var expires int64
	err := r.Scan(&c.id, &c.user, &c.hash, &c.enrols, &c.epochs.Tenant, &c.epochs.User, &expires)
	c.expires = time.UnixMicro(expires).UTC()
	return c, err
}

// useChallenge takes the challenge away; [store.ErrNotFound] when somebody else has: of two who go on
// with it at once, one does.
func useChallenge(ctx context.Context, tx *store.Tx, id string) error {
	n, err := tx.Exec(ctx, `
		DELETE FROM challenges
		WHERE tenant_id = $1
		  AND id = $2`, id)
	if err == nil && n == 0 {
		err = store.ErrNotFound
	}
	return err
}

// voidChallenges takes away every challenge of a user.
func voidChallenges(ctx context.Context, tx *store.Tx, user string) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM challenges
		WHERE tenant_id = $1
		  AND user_id = $2`, user)
	return err
}

// dropChallenges lets go of those that nobody went on with in time.
func dropChallenges(ctx context.Context, tx *store.Tx) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM challenges
		WHERE tenant_id = $1
		  AND expires_at <= $2`, tx.Now.UnixMicro())
	return err
}

// VoidChallenges takes away every challenge of the transaction's tenant.
func VoidChallenges(ctx context.Context, tx *store.Tx) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM challenges
		WHERE tenant_id = $1`)
	return err
}
