package store

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
)

// Throwaway is a database that is made for one purpose: the schema, and further tables that the
// purpose wants. Nothing of it remains after Remove.
type Throwaway struct {
	*DB
	Owner, Application string // addresses of the PostgreSQL database for either role; "" on SQLite

	remove func() error
}

// Remove closes the database and deletes it. It does so also when the work that it was made for has
// been cancelled.
func (t *Throwaway) Remove() error { return t.remove() }

// ThrowawaySQLite makes a database in a folder of its own and runs the statements of tables in it.
func ThrowawaySQLite(ctx context.Context, tables string) (*Throwaway, error) {
	dir, err := os.MkdirTemp("", "usher-throwaway-")
	if err != nil {
		return nil, err
	}
	db, err := furnishedSQLite(ctx, filepath.Join(dir, "usher.db"), tables)
	if err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	return &Throwaway{DB: db, remove: func() error {
		if err := db.Close(); err != nil {
			return err
		}
		return os.RemoveAll(dir)
	}}, nil
}

func furnishedSQLite(ctx context.Context, path, tables string) (*DB, error) {
	if _, _, err := MigrateSQLite(ctx, path); err != nil {
		return nil, err
	}
	if err := runAll(ctx, "sqlite", sqliteDSN(path, ""), tables); err != nil {
		return nil, err
	}
	return OpenSQLite(ctx, path)
}

func runAll(ctx context.Context, driver, address, statements string) error {
	db, err := sql.Open(driver, address)
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, statements); err != nil {
		return fmt.Errorf("making further tables: %w", translate(err))
	}
	return nil
}
