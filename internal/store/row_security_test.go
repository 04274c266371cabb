package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/usher-desk/usher/internal/store/storetest"
)

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
