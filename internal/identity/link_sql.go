package identity

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/seal"
	"github.com/usher-desk/usher/internal/store"
)

func insertLink(ctx context.Context, tx *store.Tx, link seal.Opaque, user string, expires time.Time) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO password_links (tenant_id, id, user_id, secret_hash, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6)`,
		link.ID, user, link.Hash(), tx.Now.UnixMicro(), expires.UnixMicro())
	return err
}

// linkHolder returns the id of the user whose link it is, as long as it can be redeemed.
func linkHolder(ctx context.Context, tx *store.Tx, link seal.Opaque) (string, error) {
	var user string
	var hash []byte
	err := tx.QueryRow(ctx, `
		SELECT l.user_id, l.secret_hash
		FROM password_links l
		WHERE l.tenant_id = $1 AND l.id = $2 AND l.expires_at > $3`,
		[]any{link.ID, tx.Now.UnixMicro()}, &user, &hash)
	if err != nil {
		return "", err
	}
	if !link.Matches(hash) {
		return "", store.ErrNotFound
	}
	return user, nil
}

// useLink takes the link away; [store.ErrNotFound] when somebody else has: of two who redeem it at once,
// one does.
func useLink(ctx context.Context, tx *store.Tx, link seal.Opaque) error {
	n, err := tx.Exec(ctx, `
		DELETE FROM password_links
		WHERE tenant_id = $1 AND id = $2`, link.ID)
	if err == nil && n == 0 {
		err = store.ErrNotFound
	}
	return err
}

// VoidLinks takes away every link of these users.
func VoidLinks(ctx context.Context, tx *store.Tx, users []string) error {
	w := tx.Where("password_links")
	w.And("password_links.user_id IN ?", store.Set(users))
	_, err := tx.Exec(ctx, `
		DELETE FROM password_links`+w.String(), w.Args()...)
	return err
}

// VoidAllLinks takes away every link of the transaction's tenant.
func VoidAllLinks(ctx context.Context, tx *store.Tx) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM password_links
		WHERE tenant_id = $1`)
	return err
}

func voidLinks(ctx context.Context, tx *store.Tx, user string) error {
	return VoidLinks(ctx, tx, []string{user})
}
