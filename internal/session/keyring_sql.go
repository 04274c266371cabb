package session

import (
	"context"
	"database/sql"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

func storedKeys(ctx context.Context, span *store.Span) ([]ringKey, error) {
	return store.CollectAcross(ctx, span, scanKey, `
		SELECT
			k.kid,
			k.sealed,
			k.signs_from,
			k.published_until
		FROM signing_keys k
		ORDER BY k.signs_from, k.kid`)
}

func scanKey(r store.Row) (ringKey, error) {
	var k ringKey
	var from int64
	var until sql.NullInt64
	err := r.Scan(&k.id, &k.sealed, &from, &until)
	k.signsFrom = time.UnixMicro(from).UTC()
	if until.Valid {
		k.publishedUntil = time.UnixMicro(until.Int64).UTC()
	}
	return k, err
}

func insertKey(ctx context.Context, span *store.Span, k ringKey) error {
	_, err := span.Exec(ctx, `
		INSERT INTO signing_keys (kid, sealed, created_at, signs_from, published_until)
		VALUES ($1, $2, $3, $4, NULL)`, k.id, k.sealed, span.Now.UnixMicro(), k.signsFrom.UnixMicro())
	return err
}

// holdNewest keeps others from rotating or sealing the keys anew until the transaction ends. It reports false when
// somebody has, since the key was read.
func holdNewest(ctx context.Context, span *store.Span, k ringKey) (bool, error) {
	n, err := span.Exec(ctx, `
		UPDATE signing_keys
		SET sealed = $2
		WHERE kid = $1 AND sealed = $2 AND published_until IS NULL`, k.id, k.sealed)
	return n == 1, err
}

func retireKey(ctx context.Context, span *store.Span, k ringKey) error {
	_, err := span.Exec(ctx, `
		UPDATE signing_keys
		SET published_until = $2
		WHERE kid = $1`, k.id, k.publishedUntil.UnixMicro())
	return err
}

func deleteKey(ctx context.Context, span *store.Span, id string) error {
	_, err := span.Exec(ctx, `DELETE FROM signing_keys WHERE kid = $1`, id)
	return err
}

// holdFirst lets nodes that start on an empty database make the first key one after the other.
func holdFirst(ctx context.Context, span *store.Span) error {
	_, err := span.Exec(ctx, `
		INSERT INTO server_facts (name, value)
		VALUES ('first_signing_key', 'made')
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`)
	return err
}

// RemoveKeys takes away every signing key; the next start makes another. A copy of the database that was restored
// may hold one that has been replaced since because it had leaked.
func RemoveKeys(ctx context.Context, span *store.Span) error {
	_, err := span.Exec(ctx, `DELETE FROM signing_keys`)
	return err
}
