package store_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

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

func TestRowLevelSecurityBindsEveryTenantTable(t *testing.T) {
	owner, _ := storetest.PostgresURLs(t)
	rows, err := connect(t, owner).Query(t.Context(), `
		SELECT c.relname::text, c.relrowsecurity, c.relforcerowsecurity,
			coalesce((SELECT string_agg(p.policyname || ' ' || p.cmd || ' ' || coalesce(p.qual, '-') || ' ' || coalesce(p.with_check, '-'), '; ' ORDER BY p.policyname)
				FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = c.relname), '')
		FROM pg_class c
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND EXISTS (
			SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id')`)
	if err != nil {
		t.Fatal(err)
	}
	const ownTenant = "(tenant_id = ( SELECT app_tenant() AS app_tenant))"
	seen := 0
	for rows.Next() {
		var table, policies string
		var enabled, forced bool
		if err := rows.Scan(&table, &enabled, &forced, &policies); err != nil {
			t.Fatal(err)
		}
		want := fmt.Sprintf("%s_own ALL %s %s", table, ownTenant, ownTenant)
		if table == "tenants" {
			want = "tenants_list SELECT (( SELECT app_tenant() AS app_tenant) = '*'::text) -; " + want
		}
		if !enabled || !forced || policies != want {
			t.Errorf("%s: enabled %t, forced %t, policies %s", table, enabled, forced, policies)
		}
		seen++
	}
	if rows.Err() != nil || seen == 0 {
		t.Errorf("%d tables, %v", seen, rows.Err())
	}
}

// The fourth wall stands without the other three: these connections know nothing of the store.
func TestConnectionWithoutATenantSeesAnError(t *testing.T) {
	owner, application := furnished(t)
	for role, address := range map[string]string{"application": application, "owner": owner} {
		conn := connect(t, address)
		check := func(state string) {
			for _, table := range []string{"tenants", "departments", "users", "user_departments", "roles", "audit_bodies"} {
				if n, err := count(t, conn, table); err == nil {
					t.Errorf("%s, %s: %d rows of %s", role, state, n, table)
				}
			}
		}
		check("fresh")
		tx, err := conn.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		enter(t, tx, "t1")
		if n, err := count(t, tx, "departments"); err != nil || n != 1 {
			t.Errorf("%s, inside: %d rows, %v", role, n, err)
		}
		if err := tx.Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
		check("after a transaction that had a tenant")
	}
}

func TestConnectionSeesAndChangesOneTenant(t *testing.T) {
	owner, application := furnished(t)
	for role, address := range map[string]string{"application": application, "owner": owner} {
		tx, err := connect(t, address).Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		enter(t, tx, "t1")
		for _, table := range []string{"tenants", "departments", "users", "user_departments", "audit_bodies"} {
			if n, err := count(t, tx, table); err != nil || n != 1 {
				t.Errorf("%s: %d rows of %s, %v", role, n, table, err)
			}
		}
		if n := changes(t, tx, `UPDATE departments SET name = 'taken' WHERE tenant_id = 't2'`); n != 0 {
			t.Errorf("%s changed %d rows of another tenant", role, n)
		}
		if n := changes(t, tx, `DELETE FROM users WHERE tenant_id = 't2'`); n != 0 {
			t.Errorf("%s deleted %d rows of another tenant", role, n)
		}
		for _, statement := range []string{
			`INSERT INTO departments (tenant_id, id, name, name_key, version, created_at, updated_at) VALUES ('t2', 'd9', 'x', 'x', 1, 0, 0)`,
			`UPDATE departments SET tenant_id = 't2'`,
		} {
			if code := failure(t, tx, statement); code != "42501" {
				t.Errorf("%s: %s: code %q", role, statement, code)
			}
		}
	}
}

// Outside any single tenant the list of tenants can be read, and nothing else.
func TestConnectionAcrossTenantsSeesTheirList(t *testing.T) {
	_, application := furnished(t)
	tx, err := connect(t, application).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	enter(t, tx, "*")
	if n, err := count(t, tx, "tenants"); err != nil || n != 3 {
		t.Errorf("%d tenants, %v", n, err)
	}
	for _, table := range []string{"departments", "users", "roles", "audit_bodies"} {
		if n, err := count(t, tx, table); err != nil || n != 0 {
			t.Errorf("%d rows of %s, %v", n, table, err)
		}
	}
	if n := changes(t, tx, `UPDATE tenants SET name = 'x'`); n != 0 {
		t.Errorf("changed %d tenants", n)
	}
	if code := failure(t, tx, `INSERT INTO users SELECT '*', 'u9', '', '', '', '', '', '', '', true, NULL, NULL, NULL, false, 1, 1, 0, 0`); code == "" {
		t.Error("made a user of no tenant")
	}
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

// querier is what a connection and a transaction have in common.
type querier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

func count(t *testing.T, q querier, table string) (n int, err error) {
	err = q.QueryRow(t.Context(), `SELECT count(*) FROM `+table).Scan(&n)
	return n, err
}

func enter(t *testing.T, tx pgx.Tx, tenant string) {
	t.Helper()
	if _, err := tx.Exec(t.Context(), `SELECT set_config('app.tenant', $1, true)`, tenant); err != nil {
		t.Fatal(err)
	}
}

func changes(t *testing.T, tx pgx.Tx, statement string) int64 {
	t.Helper()
	tag, err := tx.Exec(t.Context(), statement)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return tag.RowsAffected()
}

// failure returns the code with which a statement fails, and saves the transaction from it.
func failure(t *testing.T, tx pgx.Tx, statement string) string {
	t.Helper()
	attempt, err := tx.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer attempt.Rollback(t.Context())
	_, err = attempt.Exec(t.Context(), statement)
	var refusal *pgconn.PgError
	if !errors.As(err, &refusal) {
		return ""
	}
	return refusal.Code
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
