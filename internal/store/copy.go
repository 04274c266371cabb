package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"net/url"
)

// Copy is a SQLite file that nobody works with, opened to be looked at as a whole. Nothing of it is changed, and its
// walls do not stand: whoever has the file has everything in it.
type Copy struct{ db *sql.DB }

// OpenCopy opens the file at path, of whatever schema.
func OpenCopy(path string) (*Copy, error) {
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}
	db, err := sql.Open("sqlite", u.String()+"?mode=ro&immutable=1&_pragma=query_only(1)")
	if err != nil {
		return nil, err
	}
	return &Copy{db}, nil
}

// Close closes the file.
func (c *Copy) Close() error { return c.db.Close() }

// Schema is the number of the last migration that has run; 0 when the file is no database of Usher. An error says that
// it is no database at all. [ErrNewerSchema] when this program does not know the migration.
func (c *Copy) Schema(ctx context.Context) (version int64, err error) {
	err = c.db.QueryRowContext(ctx, versionQuery).Scan(&version)
	switch {
	case err != nil && isMissingTable(err):
		return 0, nil
	case err == nil && version > newest(SQLite):
		err = fmt.Errorf("%w (schema %d, known up to %d)", ErrNewerSchema, version, newest(SQLite))
	}
	return version, err
}

// Sound returns nil when pages, indexes and references are whole, and else an error that says what is not.
func (c *Copy) Sound(ctx context.Context) error {
	var told string
	if err := c.db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&told); err != nil {
		return err
	}
	if told != "ok" {
		return errors.New(told)
	}
	var table, parent string
	err := c.db.QueryRowContext(ctx, `SELECT "table", parent FROM pragma_foreign_key_check LIMIT 1`).Scan(&table, &parent)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	return fmt.Errorf("a row of %s refers to one of %s that is not there", table, parent)
}

// Trail is how far the trail of a tenant goes.
type Trail struct {
	Tenant  string `json:"tenant"`
	Slug    string `json:"slug"`
	Records int64  `json:"records"`
	Last    string `json:"last"` // id of the newest record; "" where there is none
}

// Trails are those of all tenants, in the order of their ids.
func (c *Copy) Trails(ctx context.Context) (all []Trail, err error) {
	rows, err := c.db.QueryContext(ctx, `
		SELECT
			t.tenant_id,
			t.slug,
			(SELECT count(*) FROM audit_bodies b WHERE b.tenant_id = t.tenant_id),
			coalesce((SELECT max(b.id) FROM audit_bodies b WHERE b.tenant_id = t.tenant_id), '')
		FROM tenants t
		ORDER BY t.tenant_id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var t Trail
		if err := rows.Scan(&t.Tenant, &t.Slug, &t.Records, &t.Last); err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, rows.Err()
}

// File is a row about bytes that lie outside the database.
type File struct {
	Blob    string // the name of the bytes
	Size    int64
	SHA256  string // in hexadecimal
	Carried bool   // by a message; whatever is not is swept away after a day
}

// FileBytes is how many bytes all files together have.
func (c *Copy) FileBytes(ctx context.Context) (sum int64, err error) {
	if known, err := c.knowsFiles(ctx); err != nil || !known {
		return 0, err
	}
	err = c.db.QueryRowContext(ctx, `SELECT coalesce(sum(f.size), 0) FROM files f`).Scan(&sum)
	return sum, err
}

// Files are those of all tenants, in the order of tenant and blob. After an error it ends.
func (c *Copy) Files(ctx context.Context) iter.Seq2[File, error] {
	return func(yield func(File, error) bool) {
		if err := c.eachFile(ctx, func(f File) bool { return yield(f, nil) }); err != nil {
			yield(File{}, err)
		}
	}
}

func (c *Copy) eachFile(ctx context.Context, yield func(File) bool) error {
	if known, err := c.knowsFiles(ctx); err != nil || !known {
		return err
	}
	rows, err := c.db.QueryContext(ctx, `
		SELECT f.blob, f.size, f.sha256, f.conversation_id IS NOT NULL
		FROM files f
		ORDER BY f.tenant_id, f.blob`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var f File
		if err := rows.Scan(&f.Blob, &f.Size, &f.SHA256, &f.Carried); err != nil {
			return err
		}
		if !yield(f) {
			return nil
		}
	}
	return rows.Err()
}

// knowsFiles is false for a schema from before there were any.
func (c *Copy) knowsFiles(ctx context.Context) (known bool, err error) {
	err = c.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'files')`).Scan(&known)
	return known, err
}
