package desk

import (
	"context"
	"database/sql"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/store"
)

const cannedReplyColumns = `
		r.id,
		r.author_id,
		u.name,
		r.department_id,
		d.name,
		r.title,
		r.shortcut,
		r.body,
		r.version,
		r.created_at,
		r.updated_at
	FROM canned_replies r
	JOIN users u ON u.tenant_id = $1 AND u.id = r.author_id
	LEFT JOIN departments d ON d.tenant_id = $1 AND d.id = r.department_id`

// cannedReplyCoverage is the SQL face of CannedReply.object.
var cannedReplyCoverage = store.Coverage{Owner: "r.author_id = ?", Department: "r.department_id IN ?"}

func findCannedReply(ctx context.Context, tx *store.Tx, id string) (CannedReply, error) {
	return store.One(ctx, tx, scanCannedReply, `SELECT`+cannedReplyColumns+`
	WHERE r.tenant_id = $1 AND r.id = $2`, id)
}

func scanCannedReply(row store.Row) (CannedReply, error) {
	var r CannedReply
	var department, departmentName, shortcut sql.NullString
	var created, updated int64
	err := row.Scan(&r.ID, &r.Author.ID, &r.Author.Name, &department, &departmentName, &r.Title, &shortcut, &r.Body,
		&r.Version, &created, &updated)
	r.Department, r.Shortcut = named{department.String, departmentName.String}, shortcut.String
	r.CreatedAt, r.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	return r, err
}

func (r CannedReply) insert(ctx context.Context, tx *store.Tx) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO canned_replies (tenant_id, id, author_id, department_id, title, title_key, shortcut, body, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)`,
		r.ID, r.Author.ID, optional(r.Department.ID), r.Title, r.key(), optional(r.Shortcut), r.Body, r.Version, r.CreatedAt.UnixMicro())
	return err
}

// store writes the reply over the version before its own.
func (r CannedReply) store(ctx context.Context, tx *store.Tx) error {
	n, err := tx.Exec(ctx, `
		UPDATE canned_replies
		SET department_id = $3,
			title = $4,
			title_key = $5,
			shortcut = $6,
			body = $7,
			version = $8,
			updated_at = $9
		WHERE tenant_id = $1 AND id = $2 AND version = $8 - 1`,
		r.ID, optional(r.Department.ID), r.Title, r.key(), optional(r.Shortcut), r.Body, r.Version, r.UpdatedAt.UnixMicro())
	if err == nil && n != 1 {
		err = api.Stale(0)
	}
	return err
}

func (r CannedReply) delete(ctx context.Context, tx *store.Tx) error {
	n, err := tx.Exec(ctx, `
		DELETE FROM canned_replies
		WHERE tenant_id = $1 AND id = $2 AND version = $3`, r.ID, r.Version)
	if err == nil && n != 1 {
		err = api.Stale(0)
	}
	return err
}
