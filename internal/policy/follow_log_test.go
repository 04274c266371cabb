package policy

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
	"github.com/usher-desk/usher/internal/tenant"
)

// logged are, for each table and kind of statement that has a trigger of the policy log, a statement that no other
// trigger tells of, and what is told. The tenant is that of [newHouse], where nothing refers to what has the number 3.
var logged = map[string]struct{ statement, kind, id string }{
	"users insert": {`
		INSERT INTO users (tenant_id, id, username, username_key, name, name_key, email, phone, locale, active, first_admin, epoch, version, created_at, updated_at)
		VALUES ($1, 'new', 'new', 'new', '', '', '', '', '', TRUE, FALSE, 1, 1, 0, 0)`, "user", "new"},
	"users update":            {`UPDATE users SET permission_list = '["*:*:all"]' WHERE tenant_id = $1 AND id = 'u1'`, "user", "u1"},
	"users delete":            {`DELETE FROM users WHERE tenant_id = $1 AND id = 'u3'`, "user", "u3"},
	"user_departments insert": {`INSERT INTO user_departments (tenant_id, user_id, department_id) VALUES ($1, 'u3', 'd3')`, "user", "u3"},
	"user_departments update": {`UPDATE user_departments SET department_id = 'd3' WHERE tenant_id = $1 AND user_id = 'u1'`, "user", "u1"},
	"user_departments delete": {`DELETE FROM user_departments WHERE tenant_id = $1 AND user_id = 'u1'`, "user", "u1"},
	"role_assignments insert": {`
		INSERT INTO role_assignments (tenant_id, id, user_id, role, limited, created_at) VALUES ($1, 'new', 'u3', 'r3', FALSE, 0)`, "user", "u3"},
	"role_assignments update": {`UPDATE role_assignments SET expires_at = 1 WHERE tenant_id = $1 AND user_id = 'u1'`, "user", "u1"},
	"role_assignments delete": {`DELETE FROM role_assignments WHERE tenant_id = $1 AND user_id = 'u0'`, "user", "u0"},
	"assignment_departments insert": {`
		INSERT INTO assignment_departments (tenant_id, assignment_id, department_id) VALUES ($1, 'a1', 'd3')`, "user", "u1"},
	"assignment_departments update": {`UPDATE assignment_departments SET department_id = 'd3' WHERE tenant_id = $1 AND assignment_id = 'a1'`, "user", "u1"},
	"assignment_departments delete": {`DELETE FROM assignment_departments WHERE tenant_id = $1 AND assignment_id = 'a1'`, "user", "u1"},
	"roles insert": {`
		INSERT INTO roles (tenant_id, name, built_in, active, label_zh, label_en, description_zh, description_en, permissions, requires_mfa, version, created_at, updated_at)
		VALUES ($1, 'new', FALSE, TRUE, '', '', '', '', '[]', FALSE, 1, 0, 0)`, "role", "new"},
	"roles update": {`UPDATE roles SET requires_mfa = TRUE WHERE tenant_id = $1 AND name = 'r1'`, "role", "r1"},
	"roles delete": {`DELETE FROM roles WHERE tenant_id = $1 AND name = 'r3'`, "role", "r3"},
	"departments insert": {`
		INSERT INTO departments (tenant_id, id, name, name_key, version, created_at, updated_at) VALUES ($1, 'new', 'new', 'new', 1, 0, 0)`, "departments", ""},
	"departments update": {`UPDATE departments SET parent_id = 'd3' WHERE tenant_id = $1 AND id = 'd1'`, "departments", ""},
	"departments delete": {`DELETE FROM departments WHERE tenant_id = $1 AND id = 'd3'`, "departments", ""},
}

// Each trigger is needed: of what its statement writes nothing else tells.
func TestEveryTriggerOfThePolicyLogIsNeeded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		newHouse(ctx, t, db, "t")
		inHouse(ctx, t, db, func(tx *store.Tx) {
			if diff := cmp.Diff(triggers(ctx, t, tx), slices.Sorted(maps.Keys(logged))); diff != "" {
				t.Errorf("the triggers (-there +tested):\n%s", diff)
			}
		})
		for at, c := range logged {
			t.Run(at, func(t *testing.T) {
				inHouse(ctx, t, db, func(tx *store.Tx) {
					version, err := tenant.Lock(ctx, tx)
					if err != nil {
						t.Fatal(err)
					}
					if n, err := tx.Exec(ctx, c.statement); err != nil || n == 0 {
						t.Fatalf("%d rows, %v", n, err)
					}
					log, err := touchedSince(ctx, tx, version)
					if err != nil {
						t.Fatal(err)
					}
					want := touched{departments: c.kind == "departments"}
					switch c.kind {
					case "user":
						want.users = []string{c.id}
					case "role":
						want.roles = []string{c.id}
					}
					if diff := cmp.Diff(want, log, cmp.AllowUnexported(touched{})); diff != "" {
						t.Errorf("-want +logged:\n%s", diff)
					}
				})
			})
		}
	})
}

// inHouse runs f in a transaction of which nothing remains.
func inHouse(ctx context.Context, t *testing.T, db *store.DB, f func(tx *store.Tx)) {
	t.Helper()
	err := db.Write(ctx, "t", func(tx *store.Tx) error {
		f(tx)
		return errRolledBack
	})
	if !errors.Is(err, errRolledBack) {
		t.Fatal(err)
	}
}

// triggers are the tables and kinds of statements that have a trigger of the policy log.
func triggers(ctx context.Context, t *testing.T, tx *store.Tx) []string {
	t.Helper()
	query := `
		SELECT g.event_object_table || ' ' || lower(g.event_manipulation)
		FROM information_schema.triggers g JOIN tenants t ON t.tenant_id = $1
		WHERE g.trigger_name LIKE '%policy%'`
	if tx.Dialect() == store.SQLite {
		query = `
			SELECT s.tbl_name || ' ' || substr(s.name, length(s.tbl_name || '_policy_') + 1)
			FROM sqlite_schema s JOIN tenants t ON t.tenant_id = $1
			WHERE s.type = 'trigger' AND s.name LIKE '%policy%'`
	}
	names, err := store.Collect(ctx, tx, store.Text, query)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	return names
}

// Whoever knows an older policy than the log goes back to reads all of it, and misses nothing.
func TestWhoIsTooFarBehindReadsEverything(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		newHouse(ctx, t, db, "t")
		inHouse(ctx, t, db, func(tx *store.Tx) {
			known := followed(ctx, t, tx, nil)
			for step := range kept + 3 {
				version, err := tenant.Lock(ctx, tx)
				if err == nil && step == 0 {
					_, err = tx.Exec(ctx, `UPDATE users SET permission_list = '["*:*:all"]' WHERE tenant_id = $1 AND id = 'u1'`)
				}
				if err == nil {
					err = pruneLog(ctx, tx, version)
				}
				if err != nil {
					t.Fatal(err)
				}
				if behind := version - known.Version; behind == 1 || behind >= kept-1 {
					followed(ctx, t, tx, known)
				}
			}
			if log, err := touchedSince(ctx, tx, known.Version); err != nil || len(log.users) > 0 {
				t.Errorf("the log tells of %v still, %v", log.users, err)
			}
		})
	})
}
