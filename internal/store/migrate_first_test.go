package store_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// firstSchema is the number of the last migration of the first version that people could use.
const firstSchema = 5

// What the first version has kept is there after all migrations since, row by row, and people are told how far it is.
func TestTheFirstSchemaIsMigratedWithEveryRow(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		path := storetest.FirstSQLite(t)
		keepsEveryRow(t, "sqlite", path, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`,
			func() (int64, int64, error) { return store.MigrateSQLite(t.Context(), path) })
	})
	t.Run("postgres", func(t *testing.T) {
		owner, application := storetest.FirstPostgres(t)
		superuser, err := url.Parse(owner)
		if err != nil {
			t.Fatal(err)
		}
		superuser.User = url.User("postgres") // whom row level security does not bind
		keepsEveryRow(t, "pgx", superuser.String(), `SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'`,
			func() (int64, int64, error) { return store.MigratePostgres(t.Context(), owner, application) })
	})
}

func keepsEveryRow(t *testing.T, driver, address, tables string, migrate func() (before, after int64, err error)) {
	t.Helper()
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	kept := map[string]content{}
	for _, row := range contentOf(t, db, tables).rows {
		kept[row] = contentOf(t, db, `SELECT * FROM `+row)
	}
	migrations, err := os.ReadDir("migrations/sqlite")
	if err != nil {
		t.Fatal(err)
	}
	said := listen(t)
	if before, after, err := migrate(); err != nil || before != firstSchema || after <= before {
		t.Fatalf("from %d to %d, %v", before, after, err)
	}
	pending := len(migrations) - firstSchema
	for _, want := range []string{fmt.Sprintf("migration 1 of %d", pending), fmt.Sprintf("migration %d of %d", pending, pending)} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("nobody was told of %s:\n%s", want, said)
		}
	}
	if len(kept["users"].rows) != 4 || len(kept["audit_bodies"].rows) < 10 {
		t.Fatalf("%d users, %d records", len(kept["users"].rows), len(kept["audit_bodies"].rows))
	}
	for table, before := range kept {
		after := contentOf(t, db, `SELECT `+strings.Join(before.columns, ", ")+` FROM `+table)
		for _, row := range before.rows {
			if !slices.Contains(after.rows, row) {
				t.Errorf("%s: %s is gone", table, row)
			}
		}
	}
}

// listen is what the log says from now on.
func listen(t *testing.T) *bytes.Buffer {
	t.Helper()
	before, said := slog.Default(), &bytes.Buffer{}
	slog.SetDefault(slog.New(slog.NewTextHandler(said, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	return said
}

// content is what a table holds, each row as text.
type content struct{ columns, rows []string }

func contentOf(t *testing.T, db *sql.DB, query string) (c content) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		c.columns = append(c.columns, `"`+name+`"`)
	}
	for rows.Next() {
		values, places := make([]sql.NullString, len(names)), make([]any, len(names))
		for i := range values {
			places[i] = &values[i]
		}
		if err := rows.Scan(places...); err != nil {
			t.Fatal(err)
		}
		var cells []string
		for _, v := range values {
			cells = append(cells, v.String)
		}
		c.rows = append(c.rows, strings.Join(cells, "|"))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return c
}
