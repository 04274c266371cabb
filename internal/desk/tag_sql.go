package desk

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/store"
)

const tagColumns = `
		g.id,
		g.name,
		g.version,
		g.created_at,
		g.updated_at
	FROM tags g`

func findTag(ctx context.Context, tx *store.Tx, id string) (Tag, error) {
	return store.One(ctx, tx, scanTag, `SELECT`+tagColumns+`
	WHERE g.tenant_id = $1 AND g.id = $2`, id)
}

// find returns tags by name, one more than the limit.
func (in *tagsInput) find(ctx context.Context, tx *store.Tx, after []string) ([]Tag, error) {
	w := tx.Where("g")
	if q := store.Fold(in.Query); q != "" {
		w.And(`g.name_key LIKE ? ESCAPE '\'`, store.Containing(q))
	}
	if len(after) == 1 {
		w.And("g.name_key > ?", after[0])
	}
	return store.Collect(ctx, tx, scanTag, `SELECT`+tagColumns+w.String()+`
	ORDER BY g.name_key
	LIMIT `+w.First(in.Limit+1), w.Args()...)
}

func scanTag(r store.Row) (Tag, error) {
	var g Tag
	var created, updated int64
	err := r.Scan(&g.ID, &g.Name, &g.Version, &created, &updated)
	g.CreatedAt, g.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	return g, err
}

func (g Tag) insert(ctx context.Context, tx *store.Tx) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO tags (tenant_id, id, name, name_key, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $6)`, g.ID, g.Name, g.key(), g.Version, g.CreatedAt.UnixMicro())
	return err
}

// store writes the tag over the version before its own.
func (g Tag) store(ctx context.Context, tx *store.Tx) error {
	n, err := tx.Exec(ctx, `
		UPDATE tags
		SET name = $3,
			name_key = $4,
			version = $5,
			updated_at = $6
		WHERE tenant_id = $1 AND id = $2 AND version = $5 - 1`, g.ID, g.Name, g.key(), g.Version, g.UpdatedAt.UnixMicro())
	if err == nil && n != 1 {
		err = api.Stale(0)
	}
	return err
}

func (g Tag) delete(ctx context.Context, tx *store.Tx) error {
	n, err := tx.Exec(ctx, `
		DELETE FROM tags
		WHERE tenant_id = $1 AND id = $2 AND version = $3`, g.ID, g.Version)
	if err == nil && n != 1 {
		err = api.Stale(0)
	}
	return err
}
