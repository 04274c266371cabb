package store_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// While the rows of a statement are being read the same statement may run again, in the same transaction, with its own.
func TestAStatementMayRunWhileItsRowsAreRead(t *testing.T) {
	db := storetest.SQLite(t)
	newTenant(t, db, "t1")
	err := db.Write(t.Context(), "t1", func(tx *store.Tx) error {
		for _, name := range []string{"second", "third"} {
			if err := addDepartment(t.Context(), tx, name, name); err != nil {
				return err
			}
		}
		rows, err := tx.Query(t.Context(), names)
		if err != nil {
			return err
		}
		defer rows.Close()
		var got []string
		for rows.Next() {
			name, err := store.Text(rows)
			if err != nil {
				return err
			}
			within, err := store.Collect(t.Context(), tx, store.Text, names)
			if err != nil {
				return err
			}
			got = append(got, fmt.Sprint(name, within))
		}
		want := []string{"second[second t1 third]", "t1[second t1 third]", "third[second t1 third]"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
}

// However many statements there are, each gives what it gives alone, also those that were let go of meanwhile.
func TestThereMayBeAnyNumberOfStatements(t *testing.T) {
	db := storetest.SQLite(t)
	newTenant(t, db, "t1")
	err := db.Read(t.Context(), "t1", func(tx *store.Tx) error {
		for round := range 2 {
			for i := range 3 * store.MaxPrepared {
				var got int
				query := fmt.Sprintf(`SELECT %d FROM departments d WHERE d.tenant_id = $1`, i)
				if err := tx.QueryRow(t.Context(), query, nil, &got); err != nil || got != i {
					t.Fatalf("round %d: %d, %v; want %d", round, got, err, i)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A statement that failed, or whose caller went away, works for the next.
func TestAStatementOutlivesItsFailures(t *testing.T) {
	db := storetest.SQLite(t)
	newTenant(t, db, "t1")
	add := func(ctx context.Context, id string) error {
		return db.Write(t.Context(), "t1", func(tx *store.Tx) error { return addDepartment(ctx, tx, id, id) })
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	for _, fails := range []func() error{
		func() error { return add(t.Context(), "d1") }, // is there
		func() error { return add(gone, "d2") },
	} {
		if err := fails(); err == nil {
			t.Error("it did not fail")
		}
	}
	if err := add(t.Context(), "d2"); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"d2", "t1"}, departments(t, db, "t1")); diff != "" {
		t.Error(diff)
	}
}

// A transaction that SQLite has ended by itself leaves nothing, and the connection to the next.
func TestATransactionThatTheDatabaseEnds(t *testing.T) {
	path := storetest.SQLiteFile(t)
	db, err := store.OpenSQLite(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	newTenant(t, db, "t1")
	storetest.SQLiteCommand(t, path, `
		CREATE TRIGGER ends BEFORE INSERT ON departments WHEN NEW.name = 'ends'
		BEGIN SELECT RAISE(ROLLBACK, 'ended'); END`)
	for range 2 {
		err := db.Write(t.Context(), "t1", func(tx *store.Tx) error {
			if err := addDepartment(t.Context(), tx, "d2", "second"); err != nil {
				return err
			}
			_ = addDepartment(t.Context(), tx, "d3", "ends") // whoever does not look commits nothing either
			return nil
		})
		if err == nil {
			t.Error("half of it is done")
		}
	}
	err = db.Write(t.Context(), "t1", func(tx *store.Tx) error { return addDepartment(t.Context(), tx, "d4", "fourth") })
	if err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"fourth", "t1"}, departments(t, db, "t1")); diff != "" {
		t.Error(diff)
	}
}

// A statement that was compiled before the schema changed obeys the new one.
func TestStatementsFollowTheSchema(t *testing.T) {
	path := storetest.SQLiteFile(t)
	db, err := store.OpenSQLite(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	newTenant(t, db, "t1")
	rename := func() error {
		return db.Write(t.Context(), "t1", func(tx *store.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE departments SET name = 'renamed' WHERE tenant_id = $1`)
			return err
		})
	}
	if err := rename(); err != nil {
		t.Fatal(err)
	}
	storetest.SQLiteCommand(t, path, `CREATE TRIGGER fixed BEFORE UPDATE ON departments BEGIN SELECT RAISE(ABORT, 'fixed'); END`)
	if err := rename(); err == nil {
		t.Error("the trigger was passed over")
	}
	storetest.SQLiteCommand(t, path, `DROP TRIGGER fixed`)
	if err := rename(); err != nil {
		t.Error(err)
	}
}
