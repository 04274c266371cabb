package store_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// addRecord gives a tenant's trail one record with a target and a personal value.
func addRecord(t *testing.T, db *store.DB, tenant string) {
	t.Helper()
	err := db.Write(t.Context(), tenant, func(tx *store.Tx) error {
		for _, statement := range []string{
			`INSERT INTO audit_bodies (tenant_id, id, time, actor_id, sid, event, result, body) VALUES ($1, 'r1', 0, 'u1', 's1', 'user.created', 'ok', $2)`,
			`INSERT INTO audit_targets (tenant_id, type, target_id, record_id) VALUES ($1, 'user', 'u1', 'r1')`,
			`INSERT INTO audit_personal (tenant_id, record_id, field, salt, value) VALUES ($1, 'r1', 'name', $2, 'Ann')`,
		} {
			var args []any
			if strings.Contains(statement, "$2") {
				args = []any{[]byte("x")}
			}
			if _, err := tx.Exec(t.Context(), statement, args...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

var rewritings = []string{
	`UPDATE audit_bodies SET event = 'user.deleted'`,
	`DELETE FROM audit_bodies`,
	`UPDATE audit_targets SET target_id = 'u2'`,
	`DELETE FROM audit_targets`,
	`UPDATE audit_personal SET value = 'Bob'`,
}

// replacings are what only SQLite knows: they remove the row in their way, by its key or its number.
var replacings = []string{
	`REPLACE INTO audit_bodies SELECT tenant_id, id, time, 'u2', sid, event, result, body FROM audit_bodies`,
	`INSERT OR REPLACE INTO audit_bodies (rowid, tenant_id, id, time, actor_id, sid, event, result, body)
		SELECT rowid, tenant_id, 'r2', time, actor_id, sid, event, result, body FROM audit_bodies`,
	`REPLACE INTO audit_personal SELECT tenant_id, record_id, field, salt, 'Bob' FROM audit_personal`,
	`UPDATE OR REPLACE audit_bodies SET id = 'r2'`,
	`INSERT INTO audit_bodies SELECT * FROM audit_bodies WHERE true ON CONFLICT DO UPDATE SET event = 'user.deleted'`,
}

func TestTrailIsAppendOnly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		newTenant(t, db, "t1")
		addRecord(t, db, "t1")
		for _, statement := range rewritings {
			err := db.Write(t.Context(), "t1", func(tx *store.Tx) error {
				_, err := tx.Exec(t.Context(), statement+` WHERE tenant_id = $1`)
				return err
			})
			if err == nil || refused(err) {
				t.Errorf("%s: %v", statement, err)
			}
		}
		err := db.Write(t.Context(), "t1", func(tx *store.Tx) error {
			n, err := tx.Exec(t.Context(), `DELETE FROM audit_personal WHERE tenant_id = $1`)
			if n != 1 {
				t.Errorf("erased %d personal values", n)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// Whoever can reach the database with other means than Usher, even as its owner, meets the triggers.
func TestOwnerCannotRewriteTheTrail(t *testing.T) {
	owner, _ := furnished(t)
	tx, err := connect(t, owner).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	enter(t, tx, "t1")
	for _, statement := range append(rewritings,
		`TRUNCATE audit_bodies CASCADE`, `TRUNCATE audit_targets`, `TRUNCATE audit_personal`) {
		if code := failure(t, tx, statement); code != "P0001" { // raise_exception
			t.Errorf("%s: code %q", statement, code)
		}
	}
}

func TestNobodyRewritesTheTrailOfAFile(t *testing.T) {
	path := storetest.SQLiteFile(t)
	db, err := store.OpenSQLite(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	newTenant(t, db, "t1")
	addRecord(t, db, "t1")
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	for _, statement := range append(rewritings, replacings...) {
		_, err := raw.ExecContext(context.Background(), statement)
		if err == nil || !strings.Contains(err.Error(), "append-only") && !strings.Contains(err.Error(), "never changed") {
			t.Errorf("%s: %v", statement, err)
		}
	}
}
