// Package storetest runs tests on both databases. Each test gets a database of its own that holds
// nothing but the schema.
package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/usher-desk/usher/internal/store"
)

// Each runs f as two subtests: on a fresh SQLite file, and in a fresh PostgreSQL database as the
// role that the application has there. No database is ever left out.
func Each(t *testing.T, f func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { f(t, Postgres(t)) })
}

// EachBeside is Each for tests that wait for much: they run beside each other and begin when the function that
// calls EachBeside has returned. Their clocks must go, and by a few seconds at most not as the real one does:
// within a process ids keep the order of one clock (see [store.NewID]).
func EachBeside(t *testing.T, f func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		f(t, SQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		f(t, Postgres(t))
	})
}

// SQLite opens a fresh database file.
func SQLite(t testing.TB) *store.DB {
	t.Helper()
	db, err := store.OpenSQLite(t.Context(), SQLiteFile(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// SQLiteFile makes a fresh database file and returns its path.
func SQLiteFile(t testing.TB) string {
	t.Helper()
	template, err := sqliteTemplate()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "usher.db")
	if err := os.WriteFile(path, template, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// sqliteTemplate is the content of a file that all migrations have run on.
var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "usher-sqlite-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "template.db")
	if _, _, err := store.MigrateSQLite(context.Background(), path); err != nil {
		return nil, err
	}
	return os.ReadFile(path) // closing the last connection has emptied the log into the file
})

// Postgres opens a fresh database as the application's role.
func Postgres(t testing.TB) *store.DB {
	t.Helper()
	_, application := PostgresURLs(t)
	db, err := store.OpenPostgres(t.Context(), application)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// PostgresURLs makes a fresh database with the schema and returns its address for the owner and
// for the application.
func PostgresURLs(t testing.TB) (owner, application string) {
	t.Helper()
	server := PostgresURL(t)
	template := postgresTemplate(t, server)
	name := "usher_test_" + strings.ToLower(rand.Text()[:16])
	// Copying files costs the server half of what writing each page into its log does.
	Command(t, server, fmt.Sprintf("CREATE DATABASE %s OWNER usher_owner TEMPLATE %s STRATEGY file_copy", name, template))
	t.Cleanup(func() { Command(t, server, "DROP DATABASE "+name+" WITH (FORCE)") })
	return address(t, server, "usher_owner", name), address(t, server, "usher_app", name)
}

var template struct {
	sync.Mutex
	name string
}

// postgresTemplate makes, once per process, the database that all others are copied from.
func postgresTemplate(t testing.TB, server string) string {
	t.Helper()
	template.Lock()
	defer template.Unlock()
	if template.name != "" {
		return template.name
	}
	name := emptyPostgres(t, server, "usher_template_")
	_, _, err := store.MigratePostgres(t.Context(), address(t, server, "usher_owner", name), address(t, server, "usher_app", name))
	if err != nil {
		t.Fatal(err)
	}
	template.name = name
	return name
}

// EmptyPostgresURLs makes a database without a schema and returns its address for the owner and for the
// application.
func EmptyPostgresURLs(t testing.TB) (owner, application string) {
	t.Helper()
	server := PostgresURL(t)
	name := emptyPostgres(t, server, "usher_test_")
	t.Cleanup(func() { Command(t, server, "DROP DATABASE "+name+" WITH (FORCE)") })
	return address(t, server, "usher_owner", name), address(t, server, "usher_app", name)
}

// PostgresURLsOf is [PostgresURLs] on a server that the test has for itself.
func PostgresURLsOf(t testing.TB, server string) (owner, application string) {
	t.Helper()
	name := emptyPostgres(t, server, "usher_test_")
	owner, application = address(t, server, "usher_owner", name), address(t, server, "usher_app", name)
	if _, _, err := store.MigratePostgres(t.Context(), owner, application); err != nil {
		t.Fatal(err)
	}
	return owner, application
}

// emptyPostgres makes a database, and the roles where there are none.
func emptyPostgres(t testing.TB, server, prefix string) (name string) {
	t.Helper()
	name = prefix + strings.ToLower(rand.Text()[:16])
	for _, role := range []string{"usher_owner", "usher_app"} {
		// Other test processes make the same roles on the same server.
		Command(t, server, fmt.Sprintf(`
			DO $$ BEGIN
				CREATE ROLE %s LOGIN;
			EXCEPTION WHEN duplicate_object OR unique_violation THEN
			END $$`, role))
	}
	Command(t, server, "CREATE DATABASE "+name+" OWNER usher_owner TEMPLATE template0")
	Command(t, address(t, server, "postgres", name), "ALTER SCHEMA public OWNER TO usher_owner")
	return name
}

// address is the server's with another user and database; the throwaway server trusts everybody.
func address(t testing.TB, server, user, database string) string {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.User(user)
	u.Path = "/" + database
	return u.String()
}

// SQLiteCommand runs a statement on a database file, around the store and its walls.
func SQLiteCommand(t testing.TB, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// Command runs a statement on a PostgreSQL database, around the store and its walls.
func Command(t testing.TB, server, statement string) {
	t.Helper()
	ctx := context.Background() // t.Context is over when cleaning up
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
