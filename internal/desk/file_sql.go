package desk

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

const attachmentColumns = `
		id,
		uploader_id,
		name,
		media_type,
		size,
		sha256,
		blob,
		conversation_id,
		created_at`

func scanAttachment(r store.Row) (Attachment, error) {
	var f Attachment
	var conversation sql.NullString
	var created int64
	err := r.Scan(&f.ID, &f.Uploader, &f.Name, &f.Type, &f.Size, &f.SHA256, &f.Blob, &conversation, &created)
	f.Conversation, f.CreatedAt = conversation.String, time.UnixMicro(created).UTC()
	return f, err
}

// findAttachment returns [fault.ErrNotFound] when there is none.
func findAttachment(ctx context.Context, tx *store.Tx, id string) (Attachment, error) {
	f, err := store.One(ctx, tx, scanAttachment, `SELECT`+attachmentColumns+`
		FROM files
		WHERE tenant_id = $1 AND id = $2`, id)
	if errors.Is(err, store.ErrNotFound) {
		err = fault.ErrNotFound
	}
	return f, err
}

// findAttachments are the files of these ids, by id.
func findAttachments(ctx context.Context, tx *store.Tx, ids []string) (map[string]Attachment, error) {
	w := tx.Where("f")
	w.And("f.id IN ?", store.Set(ids))
	found, err := store.Collect(ctx, tx, scanAttachment, `SELECT`+attachmentColumns+`
		FROM files f`+w.String(), w.Args()...)
	files := map[string]Attachment{}
	for _, f := range found {
		files[f.ID] = f
	}
	return files, err
}

func (f *Attachment) insert(ctx context.Context, tx *store.Tx) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO files (tenant_id, id, uploader_id, name, media_type, size, sha256, blob, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		f.ID, f.Uploader, f.Name, f.Type, f.Size, f.SHA256, f.Blob, f.CreatedAt.UnixMicro())
	if err != nil {
		return err
	}
	return addToAll(ctx, tx, f.Size)
}

// lockUploader has a user's uploads decided one after the other.
func lockUploader(ctx context.Context, tx *store.Tx, user string) error {
	var id string
	return tx.QueryRow(ctx, `
		SELECT u.id
		FROM users u
		WHERE u.tenant_id = $1 AND u.id = $2`+forUpdate(tx, "u"), []any{user}, &id)
}

// countLoose counts what a user has sent and no message carries, and its bytes.
func countLoose(ctx context.Context, tx *store.Tx, user string) (files, bytes int64, err error) {
	err = tx.QueryRow(ctx, `
		SELECT count(*), coalesce(sum(f.size), 0)
		FROM files f
		WHERE f.tenant_id = $1 AND f.uploader_id = $2 AND f.conversation_id IS NULL`, []any{user}, &files, &bytes)
	return files, bytes, err
}

// countSince counts what a user has sent since an instant, and its bytes, along the key: the files of a day lie together.
func countSince(ctx context.Context, tx *store.Tx, user string, since time.Time) (files, bytes int64, err error) {
	first, _ := store.IDsOf(since, since)
	err = tx.QueryRow(ctx, `
		SELECT count(*), coalesce(sum(f.size), 0)
		FROM files f
		WHERE f.tenant_id = $1 AND f.id >= $2 AND f.uploader_id = $3`, []any{first, user}, &files, &bytes)
	return files, bytes, err
}

// countAll is how many bytes all files of the tenant have, as addToAll keeps count; where it does not yet there are
// none, or those of a desk that is older than the count.
func countAll(ctx context.Context, tx *store.Tx) (bytes int64, err error) {
	err = tx.QueryRow(ctx, `
		SELECT coalesce(
			(SELECT p.last FROM desk_positions p WHERE p.tenant_id = $1 AND p.stream = 'files'),
			(SELECT CAST(sum(f.size) AS BIGINT) FROM files f WHERE f.tenant_id = $1),
			0)`, nil, &bytes)
	return bytes, err
}

// addToAll counts bytes that files of the tenant have more, or less, after they were written or deleted. The first time
// everything that is there is added up; of two who do that at once the second adds its own to what the first has found.
func addToAll(ctx context.Context, tx *store.Tx, bytes int64) error {
	counted, err := tx.Exec(ctx, `
		UPDATE desk_positions
		SET last = last + $2
		WHERE tenant_id = $1 AND stream = 'files'`, bytes)
	if err != nil || counted > 0 {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO desk_positions (tenant_id, stream, last)
		SELECT $1, 'files', CAST(coalesce(sum(f.size), 0) AS BIGINT)
		FROM files f
		WHERE f.tenant_id = $1
		ON CONFLICT (tenant_id, stream) DO UPDATE SET last = desk_positions.last + $2`, bytes)
	return err
}

// carried tells whether a message that the reader sees carries the file.
func (f *Attachment) carried(ctx context.Context, tx *store.Tx, r reader) (bool, error) {
	w := tx.Where("m")
	w.And("m.conversation_id = ? AND m.file_id = ?", f.Conversation, f.ID)
	r.narrow(w)
	var n int64
	err := tx.QueryRow(ctx, `
		SELECT count(*)
		FROM messages m`+w.String(), w.Args(), &n)
	return n > 0, err
}

// deleteLoose deletes loose files that were sent before an instant, at most so many.
func deleteLoose(ctx context.Context, tx *store.Tx, before time.Time, most int) ([]Attachment, error) {
	return store.Collect(ctx, tx, scanAttachment, `
		DELETE FROM files
		WHERE tenant_id = $1 AND conversation_id IS NULL AND id IN (
			SELECT f.id
			FROM files f
			WHERE f.tenant_id = $1 AND f.conversation_id IS NULL AND f.created_at < $2
			ORDER BY f.created_at
			LIMIT $3)
		RETURNING`+attachmentColumns, before.UnixMicro(), most)
}

// unknownBlobs are those of the names under which no file lies.
func unknownBlobs(ctx context.Context, tx *store.Tx, names []string) ([]string, error) {
	w := tx.Where("f")
	w.And("f.blob IN ?", store.Set(names))
	known, err := store.Collect(ctx, tx, store.Text, `
		SELECT f.blob
		FROM files f`+w.String(), w.Args()...)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(known, name) }), nil
}
