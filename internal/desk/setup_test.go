package desk_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// The last schemas without desks, and without what requesters noticed.
const (
	beforeDesks   = 10
	beforeNoticed = 11
)

// A tenant from before there were desks and one that is made now have the same desk.
func TestAMigratedTenantHasTheDeskOfANewOne(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "usher.db")
		oldTenant(t, beforeDesks, goose.DialectSQLite3, "sqlite", path)
		if _, _, err := store.MigrateSQLite(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		db, err := store.OpenSQLite(t.Context(), path)
		compareDesks(t, db, err)
	})
	t.Run("postgres", func(t *testing.T) {
		owner, application := storetest.EmptyPostgresURLs(t)
		oldTenant(t, beforeDesks, goose.DialectPostgres, "pgx", owner)
		if _, _, err := store.MigratePostgres(t.Context(), owner, application); err != nil {
			t.Fatal(err)
		}
		db, err := store.OpenPostgres(t.Context(), application)
		compareDesks(t, db, err)
	})
}

// enterOld lets a connection to PostgreSQL see the old tenant.
const enterOld = `SELECT set_config('app.tenant', 'old', false)`

// oldConversation is what somebody asked in it.
var oldConversation = []string{`
	INSERT INTO users (tenant_id, id, username, username_key, name, name_key, email, phone, locale, active, first_admin, epoch, version,
		created_at, updated_at)
	VALUES ('old', 'u', 'u', 'u', 'U', 'u', '', '', 'en', true, false, 1, 1, 0, 0)`, `
	INSERT INTO conversations (tenant_id, id, number, requester_id, created_by, priority, subject, state, queued_at, enqueued_at, asked_at,
		cycle, last_seq, public_seq, version, created_at, updated_at)
	VALUES ('old', 'c', 1, 'u', 'u', 0, 'It', 'queued', 1, 1, 1, 1, 0, 0, 7, 1, 42)`}

// A request from before anybody wrote down what its requester noticed is shown to them as it was.
func TestAMigratedRequestIsAsItWas(t *testing.T) {
	stands := func(t *testing.T, db *store.DB, err error) {
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		var version, at int64
		err = db.Read(t.Context(), "old", func(tx *store.Tx) error {
			return tx.QueryRow(t.Context(), `SELECT c.noticed_version, c.noticed_at FROM conversations c WHERE c.tenant_id = $1`, nil, &version, &at)
		})
		if err != nil || version != 7 || at != 42 {
			t.Errorf("version %d at %d, %v", version, at, err)
		}
	}
	t.Run("sqlite", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "usher.db")
		oldTenant(t, beforeNoticed, goose.DialectSQLite3, "sqlite", path, oldConversation...)
		if _, _, err := store.MigrateSQLite(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		db, err := store.OpenSQLite(t.Context(), path)
		stands(t, db, err)
	})
	t.Run("postgres", func(t *testing.T) {
		owner, application := storetest.EmptyPostgresURLs(t)
		oldTenant(t, beforeNoticed, goose.DialectPostgres, "pgx", owner, oldConversation...)
		if _, _, err := store.MigratePostgres(t.Context(), owner, application); err != nil {
			t.Fatal(err)
		}
		db, err := store.OpenPostgres(t.Context(), application)
		stands(t, db, err)
	})
}

// oldTenant migrates a database as far as an earlier program did, as its owner, whom row level security
// binds too, and adds a tenant, with more after it.
func oldTenant(t *testing.T, version int64, dialect goose.Dialect, driver, address string, more ...string) {
	t.Helper()
	folder := map[string]string{"sqlite": "sqlite", "pgx": "postgres"}[driver]
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // what enter sets is the connection's
	provider, err := goose.NewProvider(dialect, db, os.DirFS("../store/migrations/"+folder), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
	tenant := `
		INSERT INTO tenants (tenant_id, slug, name, preset, locale, time_zone, status, demo, local_password, max_roles_per_user,
			policy_version, epoch, version, created_at, updated_at)
		VALUES ('old', 'old', 'Old', 'it-desk', 'en', 'UTC', 'active', false, 'enabled', 0, 1, 1, 1, 0, 0)`
	statements := append([]string{tenant}, more...)
	if driver == "pgx" {
		statements = append([]string{enterOld}, statements...)
	}
	for _, statement := range statements {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}

func compareDesks(t *testing.T, db *store.DB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	s := servertest.Run(t, db)
	before, now := deskOf(t, s.DB, "old"), deskOf(t, s.DB, s.NewTenant("new", "it-desk").ID)
	if len(now) != 1+2+7 {
		t.Errorf("a new desk is %q", now)
	}
	if diff := cmp.Diff(before, now); diff != "" {
		t.Errorf("-migrated +new\n%s", diff)
	}
	if platform := deskOf(t, s.DB, "platform"); len(platform) > 0 {
		t.Errorf("the platform has a desk: %q", platform)
	}
}

// deskOf is all that a desk begins with, apart from the time when it did.
func deskOf(t *testing.T, db *store.DB, tenant string) (rows []string) {
	t.Helper()
	text := func(columns int) func(store.Row) (string, error) {
		return func(r store.Row) (string, error) {
			values, places := make([]any, columns), make([]any, columns)
			for i := range values {
				places[i] = &values[i]
			}
			err := r.Scan(places...)
			return fmt.Sprint(values...), err
		}
	}
	err := db.Read(t.Context(), tenant, func(tx *store.Tx) error {
		for _, q := range []struct {
			columns int
			query   string
		}{
			{14, `SELECT s.fallback_department_id, s.relax_seconds, s.overflow_seconds, s.open_seconds, s.reserve, s.preferred_seconds,
				s.first_answer_seconds, s.park_seconds, s.resolve_seconds, s.reopen_seconds, s.busy_may_take, s.monitors_shown,
				s.supervision_reason, s.version FROM desk_settings s WHERE s.tenant_id = $1`},
			{2, `SELECT p.stream, p.last FROM desk_positions p WHERE p.tenant_id = $1 ORDER BY p.stream`},
			{11, `SELECT k.id, k.name, k.name_key, k.department_id, k.fallback_department_id, k.relax_seconds, k.overflow_seconds,
				k.open_seconds, k.place, k.active, k.version FROM skills k WHERE k.tenant_id = $1 ORDER BY k.place`},
		} {
			found, err := store.Collect(t.Context(), tx, text(q.columns), q.query)
			if err != nil {
				return err
			}
			rows = append(rows, found...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
