package store_test

import (
	"database/sql"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// installationTables are the tables that belong to no tenant. The list is closed: a new table has a
// tenant_id, or a good reason to stand here.
var installationTables = []string{"goose_db_version", "server_facts", "server_leases", "signing_keys"}

// schema is what a database says about itself.
type schema struct {
	Columns    []column
	Keys       []key
	References []foreignKey
}

type column struct {
	Table, Name, Type string
	Nullable          bool
}

// key is an index; its columns are joined by commas, an expression is "-".
type key struct {
	Table, Columns  string
	Unique, Primary bool
}

type foreignKey struct{ Table, Columns, Other, OtherColumns, OnDelete string }

func sqliteSchema(t *testing.T) schema {
	return readSchema(t, "sqlite", storetest.SQLiteFile(t), [3]string{`
		SELECT m.name, c.name, lower(c.type), NOT c."notnull"
		FROM sqlite_schema m, pragma_table_xinfo(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'goose_db_version'`, `
		SELECT m.name, group_concat(coalesce(c.name, '-'), ',' ORDER BY c.seqno), i."unique", i.origin = 'pk'
		FROM sqlite_schema m, pragma_index_list(m.name) i, pragma_index_info(i.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'goose_db_version'
		GROUP BY m.name, i.name, i."unique", i.origin`, `
		SELECT m.name, group_concat(f."from", ',' ORDER BY f.seq), f."table", group_concat(f."to", ',' ORDER BY f.seq), lower(f.on_delete)
		FROM sqlite_schema m, pragma_foreign_key_list(m.name) f
		WHERE m.type = 'table'
		GROUP BY m.name, f.id, f."table", f.on_delete`})
}

func postgresSchema(t *testing.T) schema {
	owner, _ := storetest.PostgresURLs(t)
	return readSchema(t, "pgx", owner, [3]string{`
		SELECT table_name, column_name,
			CASE data_type WHEN 'bigint' THEN 'integer' WHEN 'bytea' THEN 'blob' ELSE data_type END, is_nullable = 'YES'
		FROM information_schema.columns
		WHERE table_schema = 'public' AND table_name <> 'goose_db_version'`, `
		SELECT c.relname, string_agg(coalesce(a.attname, '-'), ',' ORDER BY k.n), i.indisunique, i.indisprimary
		FROM pg_index i
		JOIN pg_class c ON c.oid = i.indrelid AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'goose_db_version'
		CROSS JOIN unnest(i.indkey) WITH ORDINALITY k(attnum, n)
		LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum AND k.attnum > 0
		GROUP BY c.relname, i.indexrelid, i.indisunique, i.indisprimary`, `
		SELECT c.conrelid::regclass::text,
			(SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY k(attnum, n)
				JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum),
			c.confrelid::regclass::text,
			(SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(c.confkey) WITH ORDINALITY k(attnum, n)
				JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.attnum),
			CASE c.confdeltype WHEN 'a' THEN 'no action' WHEN 'c' THEN 'cascade' ELSE c.confdeltype::text END
		FROM pg_constraint c
		WHERE c.contype = 'f'`})
}

// readSchema runs a query for the columns, one for the keys and one for the references.
func readSchema(t *testing.T, driver, address string, queries [3]string) schema {
	t.Helper()
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var s schema
	read(t, db, queries[0], func(r *sql.Rows) error {
		var c column
		err := r.Scan(&c.Table, &c.Name, &c.Type, &c.Nullable)
		s.Columns = append(s.Columns, c)
		return err
	})
	read(t, db, queries[1], func(r *sql.Rows) error {
		var k key
		err := r.Scan(&k.Table, &k.Columns, &k.Unique, &k.Primary)
		s.Keys = append(s.Keys, k)
		return err
	})
	read(t, db, queries[2], func(r *sql.Rows) error {
		var f foreignKey
		err := r.Scan(&f.Table, &f.Columns, &f.Other, &f.OtherColumns, &f.OnDelete)
		s.References = append(s.References, f)
		return err
	})
	if len(s.Columns) == 0 || len(s.Keys) == 0 || len(s.References) == 0 {
		t.Fatalf("the catalog says nothing: %+v", s)
	}
	slices.SortFunc(s.Columns, func(a, b column) int { return strings.Compare(a.Table+"."+a.Name, b.Table+"."+b.Name) })
	slices.SortFunc(s.Keys, func(a, b key) int { return strings.Compare(a.Table+"."+a.Columns, b.Table+"."+b.Columns) })
	slices.SortFunc(s.References, func(a, b foreignKey) int { return strings.Compare(a.Table+"."+a.Columns, b.Table+"."+b.Columns) })
	return s
}

func read(t *testing.T, db *sql.DB, query string, scan func(*sql.Rows) error) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			t.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

// tenantTables are those with a tenant_id.
func (s schema) tenantTables() []string {
	var tables []string
	for _, c := range s.Columns {
		if c.Name == "tenant_id" {
			tables = append(tables, c.Table)
		}
	}
	return tables
}

func TestBothDatabasesHaveOneSchema(t *testing.T) {
	if diff := cmp.Diff(sqliteSchema(t), postgresSchema(t)); diff != "" {
		t.Errorf("-sqlite +postgres\n%s", diff)
	}
}

// The third wall: no key leaves the tenant out, so no reference can cross.
func TestKeysBeginWithTheTenant(t *testing.T) {
	for name, s := range map[string]schema{"sqlite": sqliteSchema(t), "postgres": postgresSchema(t)} {
		tenant := s.tenantTables()
		for _, c := range s.Columns {
			if !slices.Contains(tenant, c.Table) && !slices.Contains(installationTables, c.Table) {
				t.Errorf("%s: %s has no tenant_id and does not belong to the installation", name, c.Table)
			}
			if c.Name == "tenant_id" && c.Nullable {
				t.Errorf("%s: %s.tenant_id may be null", name, c.Table)
			}
		}
		primary := map[string]bool{}
		for _, k := range s.Keys {
			primary[k.Table] = primary[k.Table] || k.Primary
			slug := k.Table == "tenants" && k.Columns == "slug" // how a tenant is found
			if slices.Contains(tenant, k.Table) && !beginsWithTenant(k.Columns) && !slug {
				t.Errorf("%s: a key of %s is (%s)", name, k.Table, k.Columns)
			}
		}
		for _, table := range tenant {
			if !primary[table] {
				t.Errorf("%s: %s has no primary key", name, table)
			}
		}
		for _, f := range s.References {
			if !beginsWithTenant(f.Columns) || !beginsWithTenant(f.OtherColumns) {
				t.Errorf("%s: %s (%s) refers to %s (%s)", name, f.Table, f.Columns, f.Other, f.OtherColumns)
			}
		}
	}
}

func beginsWithTenant(columns string) bool {
	return columns == "tenant_id" || strings.HasPrefix(columns, "tenant_id,")
}

func TestReferenceAcrossTenantsCannotBeStored(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		newTenant(t, db, "t1")
		newTenant(t, db, "t2")
		write := func(tenant, query string, args ...any) error {
			return db.Write(t.Context(), tenant, func(tx *store.Tx) error {
				_, err := tx.Exec(t.Context(), query, args...)
				return err
			})
		}
		if err := write("t2", `
			INSERT INTO departments (tenant_id, id, parent_id, name, name_key, version, created_at, updated_at)
			VALUES ($1, 'd2', 'd1', 'x', 'x', 1, 0, 0)`); err != nil {
			t.Fatal(err)
		}
		if err := write("t1", `UPDATE departments SET parent_id = 'd2' WHERE tenant_id = $1`); !errors.Is(err, store.ErrReference) {
			t.Errorf("a parent of another tenant: %v", err)
		}
		addUser(t, db, "t1", user{id: "u1"})
		if err := write("t1", `INSERT INTO user_departments (tenant_id, user_id, department_id) VALUES ($1, 'u1', 'd2')`); !errors.Is(err, store.ErrReference) {
			t.Errorf("a department of another tenant: %v", err)
		}
		if err := write("t2", `INSERT INTO user_departments (tenant_id, user_id, department_id) VALUES ($1, 'u1', 'd2')`); !errors.Is(err, store.ErrReference) {
			t.Errorf("a user of another tenant: %v", err)
		}
		if err := write("t2", `INSERT INTO roles (tenant_id, name, built_in, active, label_zh, label_en, description_zh, description_en,
			permissions, requires_mfa, version, created_at, updated_at) VALUES ($1, 'admin', $2, $2, '', '', '', '', '[]', $2, 1, 0, 0)`, true); err != nil {
			t.Fatal(err)
		}
		if err := write("t1", `INSERT INTO role_assignments (tenant_id, id, user_id, role, limited, created_at)
			VALUES ($1, 'a1', 'u1', 'admin', $2, 0)`, false); !errors.Is(err, store.ErrReference) {
			t.Errorf("a role of another tenant: %v", err)
		}
	})
}
