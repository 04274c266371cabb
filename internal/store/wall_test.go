package store_test

import (
	"errors"
	"testing"

	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
	"pgregory.net/rapid"
)

// refused reports whether the second wall kept the statement from the database.
func refused(err error) bool {
	var wall *store.WallError
	return errors.As(err, &wall)
}

// inTenant tries a statement in a tenant and leaves nothing behind.
func inTenant(t *testing.T, db *store.DB, query string, args ...any) error {
	t.Helper()
	var tried error
	undo := errors.New("undo")
	err := db.Write(t.Context(), "t1", func(tx *store.Tx) error {
		var rows *store.Rows
		if rows, tried = tx.Query(t.Context(), query, args...); tried == nil {
			for rows.Next() {
			}
			rows.Close()
			tried = rows.Err()
		}
		return undo
	})
	if !errors.Is(err, undo) {
		t.Fatal(err)
	}
	return tried
}

func TestWallLetsGoodStatementsPass(t *testing.T) {
	good := map[string]string{
		"alias":            `SELECT d.name FROM departments d WHERE d.tenant_id = $1`,
		"alias with AS":    `SELECT d.name FROM departments AS d WHERE d.tenant_id = $1 AND d.id = 'd1'`,
		"no alias":         `SELECT name FROM departments WHERE tenant_id = $1 ORDER BY name`,
		"own name":         `SELECT departments.name FROM departments WHERE departments.tenant_id = $1`,
		"quoted name":      `SELECT d.name FROM "departments" d WHERE d.tenant_id = $1`,
		"upper case":       `SELECT D.NAME FROM DEPARTMENTS D WHERE D.TENANT_ID = $1`,
		"not first":        `SELECT d.name FROM departments d WHERE d.id = 'd1' AND (d.tenant_id = $1) LIMIT 1`,
		"or in brackets":   `SELECT d.name FROM departments d WHERE d.tenant_id = $1 AND (d.id = 'd1' OR d.id = 'd2')`,
		"or beside":        `SELECT d.id = 'd1' OR d.id = 'd2' FROM departments d WHERE d.tenant_id = $1`,
		"or in a case":     `SELECT d.id FROM departments d WHERE d.tenant_id = $1 AND CASE WHEN d.id = 'd1' OR d.id = 'd2' THEN 1 ELSE 0 END = 1`,
		"after a case":     `SELECT d.id FROM departments d WHERE CASE WHEN d.id = 'd1' THEN 1 ELSE 0 END = 1 AND lower(d.id) = 'd1' AND d.tenant_id = $1`,
		"join":             `SELECT u.name FROM users u JOIN user_departments m ON m.tenant_id = $1 AND m.user_id = u.id WHERE u.tenant_id = $1`,
		"join, both in ON": `SELECT u.name FROM users u JOIN user_departments m ON m.tenant_id = $1 AND u.tenant_id = $1 AND m.user_id = u.id`,
		"left join":        `SELECT u.name FROM users u LEFT JOIN user_departments m ON m.tenant_id = $1 AND m.user_id = u.id WHERE u.tenant_id = $1`,
		"comma join":       `SELECT u.name FROM users u, user_departments m WHERE m.tenant_id = $1 AND u.tenant_id = $1 AND m.user_id = u.id`,
		"sub-select":       `SELECT d.name FROM departments d WHERE d.tenant_id = $1 AND EXISTS (SELECT 1 FROM user_departments m WHERE m.tenant_id = $1 AND m.department_id = d.id)`,
		"bare in each":     `SELECT name FROM departments WHERE tenant_id = $1 AND id IN (SELECT department_id FROM user_departments WHERE tenant_id = $1)`,
		"union":            `SELECT id FROM departments WHERE tenant_id = $1 UNION SELECT id FROM users WHERE tenant_id = $1`,
		"with":             `WITH mine AS (SELECT id FROM departments WHERE tenant_id = $1) SELECT id FROM mine`,
		"recursive": `WITH RECURSIVE below AS (
				SELECT d.id FROM departments d WHERE d.tenant_id = $1 AND d.id = 'd1'
				UNION SELECT c.id FROM departments c JOIN below b ON c.parent_id = b.id WHERE c.tenant_id = $1
			) SELECT id FROM below`,
		"name that is a table's": `SELECT count(*) AS users FROM departments WHERE tenant_id = $1`,
		"update":                 `UPDATE departments SET name = 'x' WHERE tenant_id = $1 AND id = 'd1'`,
		"update from":            `UPDATE departments SET name = u.name FROM users u WHERE departments.tenant_id = $1 AND u.tenant_id = $1 AND u.id = departments.id`,
		"update returning":       `UPDATE departments SET version = version + 1 WHERE tenant_id = $1 RETURNING version`,
		"delete":                 `DELETE FROM departments WHERE tenant_id = $1 AND id = 'none'`,
		"insert":                 `INSERT INTO user_departments (tenant_id, user_id, department_id) SELECT $1, u.id, 'd1' FROM users u WHERE u.tenant_id = $1`,
		"insert, sub-select": `INSERT INTO departments (tenant_id, id, name, name_key, version, created_at, updated_at)
			SELECT $1, 'd7', 'z', 'z', (SELECT max(d.version) FROM departments d WHERE d.tenant_id = $1), 0, 0`,
		"insert rows": `INSERT INTO departments (tenant_id, id, name, name_key, version, created_at, updated_at)
			VALUES ($1, 'd8', 'x', 'x', 1, 0, 0), ($1, 'd9', 'y', 'y', 1, 0, (SELECT 0)) ON CONFLICT DO NOTHING`,
		"insert with": `WITH mine AS (SELECT id FROM users WHERE tenant_id = $1)
			INSERT INTO user_departments (tenant_id, user_id, department_id) SELECT $1, id, 'd1' FROM mine`,
		"string":       `SELECT d.name FROM departments d WHERE d.name <> 'users; or $1 it''s' AND d.tenant_id = $1`,
		"line comment": "SELECT d.name -- from users, too\nFROM departments d WHERE d.tenant_id = $1",
		"comment":      `SELECT d.name /* users */ FROM departments d WHERE d.tenant_id = $1`,
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		newTenant(t, db, "t1")
		for name, query := range good {
			if err := inTenant(t, db, query); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestWallRefusesStatementsWithoutTheTenant(t *testing.T) {
	bad := map[string]string{
		"none":                 `SELECT d.name FROM departments d`,
		"another alias":        `SELECT d.name FROM departments d WHERE x.tenant_id = $1`,
		"another parameter":    `SELECT d.name FROM departments d WHERE d.tenant_id = $2`,
		"longer parameter":     `SELECT d.name FROM departments d WHERE d.tenant_id = $10`,
		"or after":             `SELECT d.name FROM departments d WHERE d.tenant_id = $1 AND d.id = $2 OR d.name = $2`,
		"or before":            `SELECT d.name FROM departments d WHERE d.name = $2 OR d.tenant_id = $1`,
		"or before an and":     `SELECT d.name FROM departments d WHERE d.name = $2 OR d.id = $2 AND d.tenant_id = $1`,
		"or within":            `SELECT d.name FROM departments d WHERE (d.tenant_id = $1 OR d.name = $2) AND d.id = $2`,
		"or around":            `SELECT d.name FROM departments d WHERE ((d.tenant_id = $1 AND d.id = $2) OR d.name = $2)`,
		"not":                  `SELECT d.name FROM departments d WHERE NOT d.tenant_id = $1`,
		"not around":           `SELECT d.name FROM departments d WHERE NOT (d.tenant_id = $1)`,
		"within a function":    `SELECT d.name FROM departments d WHERE coalesce(d.tenant_id = $1, true)`,
		"within a case":        `SELECT d.name FROM departments d WHERE CASE WHEN d.id = 'x' AND d.tenant_id = $1 THEN true ELSE true END`,
		"part of a value":      `SELECT d.name FROM departments d WHERE d.tenant_id = $1 || 'x'`,
		"in the columns":       `SELECT d.tenant_id = $1 FROM departments d`,
		"and in the columns":   `SELECT d.active AND d.tenant_id = $1 FROM users d`,
		"in a filter":          `SELECT count(*) FILTER (WHERE d.tenant_id = $1) FROM departments d`,
		"in having":            `SELECT d.tenant_id FROM departments d GROUP BY d.tenant_id HAVING d.tenant_id = $1`,
		"in a string":          `SELECT d.name FROM departments d WHERE d.name = ' AND d.tenant_id = $1'`,
		"in a line comment":    "SELECT d.name FROM departments d -- WHERE d.tenant_id = $1\n",
		"in a comment":         `SELECT d.name FROM departments d WHERE true /* AND d.tenant_id = $1 */`,
		"joined":               `SELECT u.name FROM departments d JOIN users u ON u.id = d.id WHERE d.tenant_id = $1`,
		"joined by tenant":     `SELECT u.name FROM departments d JOIN users u ON u.tenant_id = d.tenant_id WHERE d.tenant_id = $1`,
		"joined, bare":         `SELECT u.name FROM departments d JOIN users u ON u.id = d.id WHERE tenant_id = $1`,
		"comma":                `SELECT u.name FROM departments d, users u WHERE d.tenant_id = $1`,
		"outer side":           `SELECT d.name FROM departments d LEFT JOIN users u ON u.tenant_id = $1 AND d.tenant_id = $1`,
		"right join":           `SELECT u.name FROM departments d RIGHT JOIN users u ON u.tenant_id = $1 WHERE d.tenant_id = $1`,
		"full join":            `SELECT u.name FROM departments d FULL OUTER JOIN users u ON u.tenant_id = $1 WHERE d.tenant_id = $1`,
		"self-join":            `SELECT p.name FROM departments d JOIN departments p ON p.id = d.parent_id WHERE d.tenant_id = $1`,
		"sub-select":           `SELECT d.name FROM departments d WHERE d.tenant_id = $1 AND d.id IN (SELECT m.department_id FROM user_departments m)`,
		"sub-select, alias":    `SELECT d.name FROM departments d WHERE d.tenant_id = $1 AND EXISTS (SELECT 1 FROM users d WHERE d.active)`,
		"sub-select, bare":     `SELECT name FROM departments WHERE tenant_id = $1 AND id IN (SELECT department_id FROM user_departments)`,
		"around a sub-select":  `SELECT name FROM departments WHERE id IN (SELECT department_id FROM user_departments WHERE tenant_id = $1)`,
		"in the columns' list": `SELECT (SELECT count(*) FROM users) FROM departments d WHERE d.tenant_id = $1`,
		"union":                `SELECT id FROM departments WHERE tenant_id = $1 UNION SELECT id FROM departments`,
		"with":                 `WITH all_of_them AS (SELECT id FROM departments) SELECT id FROM all_of_them`,
		"after with":           `WITH mine AS (SELECT id FROM departments WHERE tenant_id = $1) DELETE FROM users WHERE id IN (SELECT id FROM mine)`,
		"keyword as alias":     `SELECT "order".name FROM departments "order" WHERE true`,
		"quoted":               `SELECT name FROM "departments"`,
		"other quotes":         "SELECT name FROM `departments`",
		"brackets":             `SELECT name FROM [departments]`,
		"of a schema":          `SELECT name FROM public.departments`,
		"of a quoted schema":   `SELECT name FROM "main"."departments"`,
		"of a schema, listed":  `SELECT u.name FROM users u, public.departments WHERE u.tenant_id = $1`,
		"update":               `UPDATE departments SET name = $2 WHERE id = $3`,
		"update everything":    `UPDATE departments SET name = $2`,
		"update from":          `UPDATE departments SET name = u.name FROM users u WHERE departments.tenant_id = $1 AND u.id = departments.id`,
		"update the tenant":    `UPDATE departments SET tenant_id = $1`,
		"hand over":            `UPDATE departments SET name = 'x', tenant_id = 't2' WHERE tenant_id = $1`,
		"delete":               `DELETE FROM departments WHERE id = $2`,
		"delete everything":    `DELETE FROM departments`,
		"insert":               `INSERT INTO user_departments (user_id, department_id) VALUES ($2, $3)`,
		"insert, no columns":   `INSERT INTO user_departments VALUES ($1, $2, $3)`,
		"insert, not first":    `INSERT INTO user_departments (user_id, tenant_id, department_id) VALUES ($2, $1, $3)`,
		"insert, another's":    `INSERT INTO user_departments (tenant_id, user_id, department_id) VALUES ($2, $3, $4)`,
		"insert, literal":      `INSERT INTO user_departments (tenant_id, user_id, department_id) VALUES ('t2', $2, $3)`,
		"insert, derived":      `INSERT INTO user_departments (tenant_id, user_id, department_id) VALUES ($1 || 'x', $2, $3)`,
		"insert, second row":   `INSERT INTO user_departments (tenant_id, user_id, department_id) VALUES ($1, $2, $3), ($2, $3, $4)`,
		"insert, select":       `INSERT INTO user_departments (tenant_id, user_id, department_id) SELECT u.tenant_id, u.id, $2 FROM users u WHERE u.tenant_id = $1`,
		"insert, all selected": `INSERT INTO user_departments (tenant_id, user_id, department_id) SELECT $1, u.id, $2 FROM users u`,
		"insert, union": `INSERT INTO user_departments (tenant_id, user_id, department_id)
			SELECT $1, u.id, $2 FROM users u WHERE u.tenant_id = $1 UNION SELECT $2, u.id, $2 FROM users u WHERE u.tenant_id = $1`,
		"insert, on conflict": `INSERT INTO user_departments (tenant_id, user_id, department_id) VALUES ($1, $2, $3)
			ON CONFLICT (tenant_id, user_id, department_id) DO UPDATE SET tenant_id = $2`,
		"replace":            `REPLACE INTO user_departments (tenant_id, user_id, department_id) VALUES ($1, $2, $3)`,
		"insert or replace":  `INSERT OR REPLACE INTO audit_targets (tenant_id, type, target_id, record_id) VALUES ($1, $2, $3, $4)`,
		"update or replace":  `UPDATE OR REPLACE departments SET name = $2 WHERE tenant_id = $1`,
		"$1 as own argument": `SELECT d.name FROM departments d WHERE d.tenant_id = $1 AND d.id = $1`,
		"$1 in a set":        `UPDATE departments SET name = $1 WHERE tenant_id = $1`,
		"$1 in a row":        `INSERT INTO user_departments (tenant_id, user_id, department_id) VALUES ($1, $1, $2)`,
		"$1 without a table": `SELECT $1`,
		"installation":       `SELECT value FROM server_facts WHERE name = 'x'`,
		"beside a tenant's":  `SELECT d.name FROM departments d, server_facts f WHERE d.tenant_id = $1`,
		"migrations":         `DELETE FROM goose_db_version`,
		"two statements":     `SELECT 1; DELETE FROM departments WHERE tenant_id = $1`,
		"truncate":           `TRUNCATE departments`,
		"drop":               `DROP TABLE departments`,
		"setting":            `SET app.tenant = 't2'`,
		"setting, function":  `SELECT set_config('app.tenant', 't2', true)`,
		"commit":             `COMMIT`,
		"pragma":             `PRAGMA foreign_keys = 0`,
		"backslashes":        `SELECT d.name FROM departments d WHERE d.name = E'\' OR d.tenant_id = $1 --'`,
		"dollar quotes":      `SELECT d.name FROM departments d WHERE d.name = $$'$$ AND d.tenant_id = $1`,
		"nothing":            ``,
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for name, query := range bad {
			if err := inTenant(t, db, query); !refused(err) {
				t.Errorf("%s: got %v", name, err)
			}
		}
	})
}

func TestWallKeepsSpansOutOfTenants(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for query, good := range map[string]bool{
			`SELECT t.slug FROM tenants t WHERE t.status = $1`:                                              true,
			`SELECT f.value FROM server_facts f WHERE f.name = $1`:                                          true,
			`DELETE FROM server_facts WHERE name = $1`:                                                      true,
			`UPDATE tenants SET name = $1`:                                                                  false,
			`DELETE FROM tenants WHERE tenant_id = $1`:                                                      false,
			`WITH gone AS (SELECT 1) DELETE FROM tenants WHERE tenant_id = $1`:                              false,
			`SELECT d.name FROM departments d WHERE d.tenant_id = $1`:                                       false,
			`SELECT t.slug FROM tenants t WHERE EXISTS (SELECT 1 FROM users u WHERE u.id = $1)`:             false,
			`SELECT t.slug FROM tenants t JOIN public.users u ON u.tenant_id = t.tenant_id WHERE t.id = $1`: false,
			`INSERT INTO server_facts (name, value) SELECT u.id, u.name FROM users u WHERE u.id = $1`:       false,
			`SELECT set_config('app.tenant', $1, true)`:                                                     false,
		} {
			err := db.Across(t.Context(), store.Installation, func(s *store.Span) error {
				_, err := s.Exec(t.Context(), query, "x")
				return err
			})
			if good && err != nil || !good && !refused(err) {
				t.Errorf("%s: %v", query, err)
			}
		}
	})
}

func TestRefusalNamesStatementAndProblem(t *testing.T) {
	err := inTenant(t, storetest.SQLite(t), "SELECT u.name\n\tFROM departments d JOIN users u ON true WHERE d.tenant_id = $1")
	want := "store: statement refused, users (reference 2) lacks the condition u.tenant_id = $1: " +
		"SELECT u.name FROM departments d JOIN users u ON true WHERE d.tenant_id = $1"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

// Whatever conditions a statement is composed of, as long as Where composes them, it passes, and an
// OR in one of them does not open the others.
func TestComposedStatementsPass(t *testing.T) {
	db := storetest.SQLite(t)
	newTenant(t, db, "t1")
	newTenant(t, db, "t2")
	condition := rapid.SampledFrom([]store.Condition{
		{Text: "d.id = ?", Args: []any{"d1"}},
		{Text: "d.name = ? OR d.name <> ?", Args: []any{"x", "x"}},
		{Text: "NOT d.id = ?", Args: []any{"d2"}},
		{Text: "d.id IN ?", Args: []any{store.Set{"d1", "d2"}}},
		{Text: "(d.name_key, d.id) > (?, ?)", Args: []any{"", ""}},
		{Text: "CASE WHEN d.id = ? THEN d.version ELSE 1 END = 1", Args: []any{"d1"}},
		{Text: "EXISTS (SELECT 1 FROM departments p WHERE p.tenant_id = $1)"},
		{Text: "d.parent_id IS NULL"},
	})
	rapid.Check(t, func(rt *rapid.T) {
		all := rapid.SliceOfN(condition, 0, 4).Draw(rt, "all")
		any := rapid.SliceOfN(condition, 0, 4).Draw(rt, "any")
		err := db.Read(t.Context(), "t1", func(tx *store.Tx) error {
			w := tx.Where("d")
			for _, c := range all {
				w.And(c.Text, c.Args...)
			}
			if len(any) > 0 {
				w.AnyOf(any)
			}
			found, err := store.Collect(t.Context(), tx, store.Text, `SELECT d.name FROM departments d`+w.String()+` ORDER BY d.name`, w.Args()...)
			for _, name := range found {
				if name != "t1" {
					rt.Errorf("%s found %q", w, name)
				}
			}
			return err
		})
		if err != nil {
			rt.Fatal(err)
		}
	})
}
