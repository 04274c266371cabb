package policy

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/store"
)

// findHolding returns [store.ErrNotFound] when the tenant has no such user.
func findHolding(ctx context.Context, tx *store.Tx, user string) (holding, error) {
	h := holding{user: user}
	err := tx.QueryRow(ctx, `
		SELECT u.version
		FROM users u
		WHERE u.tenant_id = $1 AND u.id = $2`, []any{user}, &h.version)
	if err != nil {
		return holding{}, err
	}
	if h.list, err = PermissionList(ctx, tx, user); err != nil {
		return holding{}, err
	}
	h.assignments, err = Assignments(ctx, tx, user)
	return h, err
}

// Raise gives a user whose roles change the next version; stale_version when it is no longer the one meant.
func Raise(ctx context.Context, tx *store.Tx, user string, version int64) error {
	n, err := tx.Exec(ctx, `
		UPDATE users
		SET version = version + 1, updated_at = $4
		WHERE tenant_id = $1 AND id = $2 AND version = $3`, user, version, tx.Now.UnixMicro())
	if err == nil && n == 0 {
		err = api.Stale(0)
	}
	return err
}
