package store

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
)

// SnapshotSQLite copies the database file at from, as it stands at one moment, to a file that must not exist yet. Whoever
// serves the database goes on reading and writing meanwhile; the copy only keeps its log from being emptied, which then
// grows. The copy is a whole database without a log. It is not seen to the disk.
func SnapshotSQLite(ctx context.Context, from, to string) error {
	if _, err := os.Stat(from); err != nil {
		return fmt.Errorf("opening the database: %w", err)
	}
	// An empty file is taken as one that does not exist, and keeps its mode.
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	absolute, err := filepath.Abs(to)
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", sqliteDSN(from, ""))
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, `VACUUM INTO ?`, absolute); err != nil {
		return fmt.Errorf("copying the database: %w", translate(err))
	}
	return nil
}
