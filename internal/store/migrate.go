package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

// Refusals of a database whose schema is not this program's.
var (
	// ErrNewerSchema: a newer program has migrated this database. Run that program.
	ErrNewerSchema = errors.New("the database was migrated by a newer version of usher than this one")
	// ErrOldSchema: this program needs migrations that have not run. Run them.
	ErrOldSchema = errors.New("the database needs migrating: run usher migrate")
)

// MigrateSQLite brings the database file at path to this program's schema, creating it if need be.
// It returns the versions before and after.
func MigrateSQLite(ctx context.Context, path string) (before, after int64, err error) {
	// SQLite would make the file, and those beside it, readable for everybody.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return 0, 0, err
	}
	if err := f.Close(); err != nil {
		return 0, 0, err
	}
	db, err := sql.Open("sqlite", sqliteDSN(path, "_txlock=immediate"))
	if err != nil {
		return 0, 0, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	return migrate(ctx, goose.DialectSQLite3, SQLite, db)
}

func migrate(ctx context.Context, gd goose.Dialect, d Dialect, db *sql.DB, options ...goose.ProviderOption) (before, after int64, err error) {
	folder, err := fs.Sub(migrations, "migrations/"+d.String())
	if err != nil {
		return 0, 0, err
	}
	provider, err := goose.NewProvider(gd, db, folder, append(options, goose.WithDisableGlobalRegistry(true))...)
	if err != nil {
		return 0, 0, err
	}
	before, err = provider.GetDBVersion(ctx)
	if err != nil {
		return 0, 0, err
	}
	if before > newest(d) {
		return before, before, ErrNewerSchema
	}
	if err := remember(ctx, db, d, before); err != nil {
		return before, before, err
	}
	if err := up(ctx, provider, before); err != nil {
		return before, before, err
	}
	after, err = provider.GetDBVersion(ctx)
	return before, after, err
}

// RecordedSchema is the fact that names the version of the schema that the platform's trail has heard of.
const RecordedSchema = "recorded_schema"

// remember writes down the version that something is migrated from, where no record tells of one yet: whoever is killed
// between the last step and its record would otherwise leave nothing that the next start could tell it by.
func remember(ctx context.Context, db *sql.DB, d Dialect, before int64) error {
	if before == 0 || before == newest(d) {
		return nil
	}
	_, err := db.ExecContext(ctx, `
		INSERT INTO server_facts (name, value)
		VALUES ($1, $2)
		ON CONFLICT DO NOTHING`, RecordedSchema, strconv.FormatInt(before, 10))
	return err
}

// up runs what is pending. Somebody waits for a database that holds something, and is told how far it is.
func up(ctx context.Context, provider *goose.Provider, before int64) error {
	if before == 0 {
		_, err := provider.Up(ctx)
		return err
	}
	pending := slices.DeleteFunc(provider.ListSources(), func(s *goose.Source) bool { return s.Version <= before })
	for i, source := range pending {
		slog.Info(fmt.Sprintf("migration %d of %d", i+1, len(pending)), "name", strings.TrimSuffix(path.Base(source.Path), ".sql"))
		if _, err := provider.UpByOne(ctx); err != nil {
			return err
		}
	}
	return nil
}

// newest is the number of this program's last migration.
func newest(d Dialect) int64 {
	entries, err := fs.ReadDir(migrations, "migrations/"+d.String())
	if err != nil {
		panic(err) // embedded
	}
	n, err := goose.NumericComponent(entries[len(entries)-1].Name())
	if err != nil {
		panic(err) // embedded
	}
	return n
}

const versionQuery = `SELECT coalesce(max(version_id), 0) FROM goose_db_version`

// checkVersion refuses a database whose schema is older or newer than this program's.
func checkVersion(ctx context.Context, e engine) error {
	c, err := e.begin(ctx, reading, everyTenant)
	if err != nil {
		return translate(err)
	}
	defer c.rollback()
	rows, err := c.query(ctx, versionQuery, nil)
	var version int64
	if err == nil {
		err = (&Rows{rows}).first([]any{&version})
	}
	switch known := newest(e.dialect()); {
	case err != nil && isMissingTable(err), err == nil && version < known:
		return ErrOldSchema
	case err != nil:
		return translate(err)
	case version > known:
		return fmt.Errorf("%w (schema %d, known up to %d)", ErrNewerSchema, version, known)
	}
	return nil
}

// isMissingTable recognises a database that no migration has touched, on either side.
func isMissingTable(err error) bool {
	return strings.Contains(err.Error(), "no such table") || strings.Contains(err.Error(), "SQLSTATE 42P01")
}
