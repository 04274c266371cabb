package store_test

import (
	"context"
	"errors"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// notes is a further table, with the walls of any other.
const (
	sqliteNotes = `CREATE TABLE notes (
		tenant_id TEXT NOT NULL REFERENCES tenants (tenant_id), id TEXT NOT NULL, PRIMARY KEY (tenant_id, id))`
	postgresNotes = sqliteNotes + `;
		ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
		ALTER TABLE notes FORCE ROW LEVEL SECURITY;
		CREATE POLICY notes_own ON notes USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()))`
)

// usable fails unless tenants in the database are kept apart, in the further table too.
func usable(t *testing.T, db *store.DB) {
	t.Helper()
	for _, tenant := range []string{"t1", "t2"} {
		newTenant(t, db, tenant)
		err := db.Write(t.Context(), tenant, func(tx *store.Tx) error {
			if _, err := tx.Exec(t.Context(), `INSERT INTO notes (tenant_id, id) VALUES ($1, $2)`, "of "+tenant); err != nil {
				return err
			}
			found, err := store.Collect(t.Context(), tx, store.Text, `SELECT n.id FROM notes n WHERE n.tenant_id = $1`)
			if len(found) != 1 || found[0] != "of "+tenant {
				t.Errorf("%s has %v", tenant, found)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	if err := inTenant(t, db, `SELECT n.id FROM notes n`); !refused(err) {
		t.Errorf("a further table is outside the second wall: %v", err)
	}
}

func TestThrowawayFileIsGoneAfterwards(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	db, err := store.ThrowawaySQLite(t.Context(), sqliteNotes)
	if err != nil {
		t.Fatal(err)
	}
	usable(t, db.DB)
	if err := db.Remove(); err != nil {
		t.Error(err)
	}
	if _, err := store.ThrowawaySQLite(t.Context(), "CREATE nonsense"); err == nil {
		t.Error("made nonsense")
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}

// Each kind of owner, with the role that the database is used by, or why there is none.
func TestThrowawayDatabaseIsGoneAfterwards(t *testing.T) {
	server := storetest.PostgresURL(t)
	for name, test := range map[string]struct {
		attributes string
		ownRole    bool // the database is used by a role of its own
		refusal    error
	}{
		"superuser":                {"SUPERUSER", true, nil},
		"may create roles":         {"CREATEDB CREATEROLE", true, nil},
		"may create databases":     {"CREATEDB", false, nil},
		"BYPASSRLS":                {"CREATEDB BYPASSRLS", false, store.ErrNoBoundRole},
		"BYPASSRLS and CREATEROLE": {"CREATEDB CREATEROLE BYPASSRLS", true, nil},
	} {
		t.Run(name, func(t *testing.T) {
			owner := newRole(t, test.attributes)
			prefix := owner + "_"
			db, err := store.ThrowawayPostgres(t.Context(), as(t, server, owner), prefix, postgresNotes)
			if !errors.Is(err, test.refusal) {
				t.Fatal(err)
			}
			if err == nil {
				usable(t, db.DB)
				if _, roles := left(t, prefix); roles == 1 != test.ownRole {
					t.Errorf("%d roles were made", roles)
				}
				if err := db.Remove(); err != nil {
					t.Error(err)
				}
			}
			if databases, roles := left(t, prefix); databases+roles > 0 {
				t.Errorf("left %d databases, %d roles", databases, roles)
			}
		})
	}
}

func TestThrowawayDatabaseIsGoneAfterAFailure(t *testing.T) {
	owner := newRole(t, "CREATEDB CREATEROLE")
	address, prefix := as(t, storetest.PostgresURL(t), owner), owner+"_"
	if _, err := store.ThrowawayPostgres(t.Context(), address, prefix, "CREATE nonsense"); err == nil {
		t.Error("made nonsense")
	}
	ctx, cancel := context.WithCancel(t.Context())
	db, err := store.ThrowawayPostgres(ctx, address, prefix, postgresNotes)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := db.Remove(); err != nil {
		t.Error(err)
	}
	if _, err := store.ThrowawayPostgres(ctx, address, prefix, postgresNotes); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if databases, roles := left(t, prefix); databases+roles > 0 {
		t.Errorf("left %d databases, %d roles", databases, roles)
	}
}

func TestThrowawayDatabaseNeedsAnAddressAndTheRight(t *testing.T) {
	nobody := newRole(t, "")
	for name, address := range map[string]string{
		"no right": as(t, storetest.PostgresURL(t), nobody), "no address": "host=127.0.0.1:port", "nobody there": "postgres://u:sesame@127.0.0.1:1/db",
	} {
		if _, err := store.ThrowawayPostgres(t.Context(), address, nobody+"_", ""); err == nil {
			t.Errorf("%s: made", name)
		}
	}
}

// left counts the databases and the roles whose names begin so.
func left(t *testing.T, prefix string) (databases, roles int) {
	t.Helper()
	err := connect(t, storetest.PostgresURL(t)).QueryRow(t.Context(), `
		SELECT (SELECT count(*) FROM pg_database WHERE starts_with(datname, $1)),
			(SELECT count(*) FROM pg_roles WHERE starts_with(rolname, $1))`, pgx.QueryExecModeExec, prefix).Scan(&databases, &roles)
	if err != nil {
		t.Fatal(err)
	}
	return databases, roles
}
