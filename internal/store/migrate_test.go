package store_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// place is a database that is not open: how to open it, to migrate it, and to run a statement on it
// around the store.
type place struct {
	open    func() (*store.DB, error)
	migrate func() (before, after int64, err error)
	command func(statement string)
}

func eachPlace(t *testing.T, f func(t *testing.T, p place)) {
	t.Run("sqlite", func(t *testing.T) {
		path := storetest.SQLiteFile(t)
		f(t, place{
			open:    func() (*store.DB, error) { return store.OpenSQLite(t.Context(), path) },
			migrate: func() (int64, int64, error) { return store.MigrateSQLite(t.Context(), path) },
			command: func(statement string) { storetest.SQLiteCommand(t, path, statement) },
		})
	})
	t.Run("postgres", func(t *testing.T) {
		owner, application := storetest.PostgresURLs(t)
		f(t, place{
			open:    func() (*store.DB, error) { return store.OpenPostgres(t.Context(), application) },
			migrate: func() (int64, int64, error) { return store.MigratePostgres(t.Context(), owner, application) },
			command: func(statement string) { storetest.Command(t, owner, statement) },
		})
	})
}

// refuses fails unless opening is refused for the reason.
func (p place) refuses(t *testing.T, reason error) {
	t.Helper()
	db, err := p.open()
	if !errors.Is(err, reason) {
		t.Errorf("got %v, want %v", err, reason)
	}
	if err == nil {
		db.Close()
	}
}

func TestMigratingTwiceChangesNothing(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		before, after, err := p.migrate()
		if err != nil || before != after || before == 0 {
			t.Errorf("from %d to %d, %v", before, after, err)
		}
		db, err := p.open()
		if err != nil {
			t.Fatal(err)
		}
		db.Close()
	})
}

func TestNewerSchemaIsRefused(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		p.command(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`)
		p.refuses(t, store.ErrNewerSchema)
		if _, after, err := p.migrate(); !errors.Is(err, store.ErrNewerSchema) || after != 9999 {
			t.Errorf("migrated to %d, %v", after, err)
		}
	})
}

func TestOlderSchemaIsRefused(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		p.command(`DELETE FROM goose_db_version WHERE version_id > 1`)
		p.refuses(t, store.ErrOldSchema)
		p.command(`DROP TABLE goose_db_version`)
		p.refuses(t, store.ErrOldSchema)
	})
}

func TestMissingFileIsNotMadeByOpening(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing.db")
	if _, err := store.OpenSQLite(t.Context(), missing); err == nil {
		t.Error("opened a file that does not exist")
	}
	if _, err := store.OpenSQLite(t.Context(), missing); err == nil {
		t.Error("the first attempt left a file behind")
	}
}

// An odd folder must reach the database as it is.
func TestPathMayHoldAnything(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b%20?c#d&e=引座.db")
	if _, _, err := store.MigrateSQLite(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	db, err := store.OpenSQLite(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
}
