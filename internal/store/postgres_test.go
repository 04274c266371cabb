package store_test

import (
	"context"
	"crypto/rand"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

func openPostgres(t *testing.T, address string) *store.DB {
	t.Helper()
	db, err := store.OpenPostgres(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func connect(t *testing.T, address string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

// as returns the address with another user.
func as(t *testing.T, address, user string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.User(user)
	return u.String()
}

// newRole makes a role with these attributes on the server for the time of the test.
func newRole(t *testing.T, attributes string) string {
	t.Helper()
	name := "usher_test_" + strings.ToLower(rand.Text()[:16])
	server := storetest.PostgresURL(t)
	storetest.Command(t, server, "CREATE ROLE "+name+" LOGIN "+attributes)
	t.Cleanup(func() { storetest.Command(t, server, "DROP ROLE "+name) })
	return name
}

// furnished makes a PostgreSQL database in which t1 and t2 have rows that look alike.
func furnished(t *testing.T) (owner, application string) {
	t.Helper()
	owner, application = storetest.PostgresURLs(t)
	db := openPostgres(t, application)
	for _, tenant := range []string{"t1", "t2"} {
		newTenant(t, db, tenant)
		addUser(t, db, tenant, user{id: "u1", departments: []string{"d1"}})
		addRecord(t, db, tenant)
	}
	return owner, application
}

func TestProgramRefusesARoleThatTheWallDoesNotBind(t *testing.T) {
	owner, application := storetest.PostgresURLs(t)
	member := newRole(t, "IN ROLE usher_owner")
	bypass := newRole(t, "BYPASSRLS IN ROLE pg_read_all_data")
	for name, address := range map[string]string{
		"owner": owner, "superuser": as(t, owner, "postgres"),
		"member of the owner": as(t, owner, member), "BYPASSRLS": as(t, owner, bypass),
	} {
		db, err := store.OpenPostgres(t.Context(), address)
		if !errors.Is(err, store.ErrStrongRole) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil {
			db.Close()
		}
	}
	openPostgres(t, application)
}

// What an operator, or the throwaway server of these tests, has set for speed must not make an answer
// leave before its record is durable.
func TestCommitsAreDurableWhateverTheServerIsSetTo(t *testing.T) {
	owner, application := storetest.PostgresURLs(t)
	for setting, want := range map[string]string{"off": "on", "on": "on", "remote_apply": "remote_apply"} {
		storetest.Command(t, owner, `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = `+setting+`', current_database()); END $$`)
		var got string
		err := openPostgres(t, application).Write(t.Context(), "platform", func(tx *store.Tx) error {
			return tx.QueryRow(t.Context(), `SELECT current_setting('synchronous_commit') FROM tenants t WHERE t.tenant_id = $1`, nil, &got)
		})
		if err != nil || got != want {
			t.Errorf("set to %s: %s, %v", setting, got, err)
		}
	}
}

// A password in an address must not appear in what is said about it.
func TestBadAddressIsNotRepeated(t *testing.T) {
	for _, address := range []string{"postgres://usher:sesame@host:port/db", "postgres://usher:sesame@127.0.0.1:1/db"} {
		_, err := store.OpenPostgres(t.Context(), address)
		if err == nil || strings.Contains(err.Error(), "sesame") {
			t.Error(err)
		}
		_, _, err = store.MigratePostgres(t.Context(), address, address)
		if err == nil || strings.Contains(err.Error(), "sesame") {
			t.Error(err)
		}
	}
}

// The tenant must not cost a round trip of its own: it would be paid at every transaction.
func TestTenantTravelsWithBegin(t *testing.T) {
	_, application := furnished(t)
	wire := newWire(t, application)
	db := openPostgres(t, wire.address)
	for range 2 { // the first time prepares statements
		departments(t, db, "t1")
	}
	var begun, read []string
	before := wire.length()
	err := db.Read(t.Context(), "t2", func(tx *store.Tx) error {
		begun = wire.since(before)
		before = wire.length()
		_, err := store.Collect(t.Context(), tx, store.Text, names)
		read = wire.since(before)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	said := strings.Join(begun, "")
	if roundTrips(begun) != 1 || executions(begun) != 2 || !strings.Contains(said, "t2") {
		t.Errorf("beginning took %q", begun)
	}
	if roundTrips(read) != 1 {
		t.Errorf("a query took %q", read)
	}
}

func TestApplicationHasNoMoreThanItNeeds(t *testing.T) {
	_, application := storetest.PostgresURLs(t)
	rows, err := connect(t, application).Query(t.Context(), `
		SELECT c.relname || ' ' || array_to_string(ARRAY(
			SELECT p FROM unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) p WHERE has_table_privilege(c.oid, p)), ' ')
		FROM pg_class c
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
			AND NOT has_table_privilege(c.oid, 'SELECT,INSERT,UPDATE,DELETE') IS NULL
		ORDER BY c.relname`)
	if err != nil {
		t.Fatal(err)
	}
	granted, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	less := map[string]string{
		"audit_bodies": "SELECT INSERT", "audit_targets": "SELECT INSERT", "audit_personal": "SELECT INSERT DELETE",
		"goose_db_version": "SELECT",
	}
	for _, line := range granted {
		table, rights, _ := strings.Cut(line, " ")
		want := "SELECT INSERT UPDATE DELETE"
		if special, ok := less[table]; ok {
			want = special
		}
		if diff := cmp.Diff(want, rights); diff != "" {
			t.Errorf("%s: %s", table, diff)
		}
	}
	if len(granted) < len(less) {
		t.Errorf("only %d tables", len(granted))
	}
}
