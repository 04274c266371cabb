package session

import (
	"context"
	"database/sql"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// sealedKey is a signing key as it is stored.
type sealedKey struct {
	id, text       string
	signsFrom      time.Time
	publishedUntil time.Time
}

func storedKeys(ctx context.Context, span *store.Span) ([]sealedKey, error) {
	return store.CollectAcross(ctx, span, scanKey, `
		SELECT
			k.kid,
			k.sealed,
			k.signs_from,
			k.published_until
		FROM signing_keys k
		ORDER BY k.signs_from, k.kid`)
}

func scanKey(r store.Row) (sealedKey, error) {
	var k sealedKey
	var from int64
	var until sql.NullInt64
	err := r.Scan(&k.id, &k.text, &from, &until)
	k.signsFrom = time.UnixMicro(from).UTC()
	if until.Valid {
		k.publishedUntil = time.UnixMicro(until.Int64).UTC()
	}
	return k, err
}

func insertKey(ctx context.Context, span *store.Span, k sealedKey) error {
	_, err := span.Exec(ctx, `
		INSERT INTO signing_keys (kid, sealed, created_at, signs_from, published_until)
		VALUES ($1, $2, $3, $4, NULL)`, k.id, k.text, span.Now.UnixMicro(), k.signsFrom.UnixMicro())
	return err
}
