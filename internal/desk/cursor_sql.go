package desk

import (
	"context"
	"errors"

	"github.com/usher-desk/usher/internal/store"
)

// advance moves a cursor forward and returns where it stands. Of two that come at once the farther one
// counts, whichever is written last.
func advance(ctx context.Context, tx *store.Tx, conversation, user string, to Cursor) (Cursor, error) {
	return store.One(ctx, tx, scanCursor, `
		INSERT INTO conversation_cursors (tenant_id, conversation_id, user_id, delivered_seq, read_seq, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (tenant_id, conversation_id, user_id) DO UPDATE
		SET delivered_seq = CASE WHEN excluded.delivered_seq > conversation_cursors.delivered_seq
				THEN excluded.delivered_seq ELSE conversation_cursors.delivered_seq END,
			read_seq = CASE WHEN excluded.read_seq > conversation_cursors.read_seq
				THEN excluded.read_seq ELSE conversation_cursors.read_seq END,
			updated_at = excluded.updated_at
		RETURNING delivered_seq, read_seq`,
		conversation, user, to.Delivered, to.Read, tx.Now.UnixMicro())
}

// findCursor returns the cursor at the beginning for whoever has none.
func findCursor(ctx context.Context, tx *store.Tx, conversation, user string) (Cursor, error) {
	c, err := store.One(ctx, tx, scanCursor, `
		SELECT r.delivered_seq, r.read_seq
		FROM conversation_cursors r
		WHERE r.tenant_id = $1 AND r.conversation_id = $2 AND r.user_id = $3`, conversation, user)
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return c, err
}

func scanCursor(r store.Row) (c Cursor, err error) {
	err = r.Scan(&c.Delivered, &c.Read)
	return c, err
}

// toSeq is the number that everybody but the requester knows the requester's number by.
func toSeq(ctx context.Context, tx *store.Tx, conversation string, publicSeq int64) (int64, error) {
	return highest(ctx, tx, `
		SELECT m.seq
		FROM messages m
		WHERE m.tenant_id = $1 AND m.conversation_id = $2 AND m.public_seq = $3`, conversation, publicSeq)
}

// toPublicSeq is the reverse: the requester's number of the last message up to there that they see.
func toPublicSeq(ctx context.Context, tx *store.Tx, conversation string, seq int64) (int64, error) {
	return highest(ctx, tx, `
		SELECT m.public_seq
		FROM messages m
		WHERE m.tenant_id = $1 AND m.conversation_id = $2 AND m.seq <= $3 AND m.public_seq IS NOT NULL
		ORDER BY m.seq DESC
		LIMIT 1`, conversation, seq)
}

// highest is the number that a query finds; 0 for none.
func highest(ctx context.Context, tx *store.Tx, query string, args ...any) (n int64, err error) {
	err = tx.QueryRow(ctx, query, args, &n)
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return n, err
}
