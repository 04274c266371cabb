package tenant

import (
	"context"
	"database/sql"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

const noticeColumns = `
		n.id,
		n.kind,
		n.user_id,
		n.created_at,
		n.acknowledged_at,
		n.acknowledged_by`

func scanNotice(r store.Row) (Notice, error) {
	var n Notice
	var created int64
	var acknowledged sql.NullInt64
	var by sql.NullString
	err := r.Scan(&n.ID, &n.Kind, &n.User, &created, &acknowledged, &by)
	n.CreatedAt, n.AcknowledgedBy = time.UnixMicro(created).UTC(), by.String
	if acknowledged.Valid {
		n.AcknowledgedAt = time.UnixMicro(acknowledged.Int64).UTC()
	}
	return n, err
}

func (n Notice) insert(ctx context.Context, tx *store.Tx) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO notices (tenant_id, id, kind, user_id, created_at)
		VALUES ($1, $2, $3, $4, $5)`, n.ID, string(n.Kind), n.User, n.CreatedAt.UnixMicro())
	return err
}

func findNotice(ctx context.Context, tx *store.Tx, id string) (Notice, error) {
	return store.One(ctx, tx, scanNotice, `SELECT`+noticeColumns+`
		FROM notices n
		WHERE n.tenant_id = $1 AND n.id = $2`, id)
}

// find reads notices, newest first, from before the one with the id; "" for the newest.
func (in *noticesInput) find(ctx context.Context, tx *store.Tx, before string) ([]Notice, error) {
	w := tx.Where("n")
	switch in.Acknowledged {
	case "true":
		w.And("n.acknowledged_at IS NOT NULL")
	case "false":
		w.And("n.acknowledged_at IS NULL")
	}
	if before != "" {
		w.And("n.id < ?", before)
	}
	return store.Collect(ctx, tx, scanNotice, `SELECT`+noticeColumns+`
		FROM notices n`+w.String()+`
		ORDER BY n.id DESC
		LIMIT `+w.First(in.Limit+1), w.Args()...)
}

// acknowledgeNotice does nothing to one that has been acknowledged.
func acknowledgeNotice(ctx context.Context, tx *store.Tx, id, user string) error {
	_, err := tx.Exec(ctx, `
		UPDATE notices
		SET acknowledged_at = $3, acknowledged_by = $4
		WHERE tenant_id = $1 AND id = $2 AND acknowledged_at IS NULL`, id, tx.Now.UnixMicro(), user)
	return err
}
