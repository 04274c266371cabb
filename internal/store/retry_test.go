package store_test

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// Two writers that hold a row each and want the other's deadlock on PostgreSQL, which ends one of
// them; the store runs that one again, so that both succeed.
func TestDeadlockIsRunAgain(t *testing.T) {
	db := storetest.Postgres(t)
	newTenant(t, db, "t1")
	if err := db.Write(t.Context(), "t1", func(tx *store.Tx) error { return addDepartment(t.Context(), tx, "d2", "x") }); err != nil {
		t.Fatal(err)
	}
	var firstLocked, writers sync.WaitGroup
	var runs, told atomic.Int32
	firstLocked.Add(2)
	for _, order := range [][2]string{{"d1", "d2"}, {"d2", "d1"}} {
		writers.Go(func() {
			met := false
			err := db.Write(t.Context(), "t1", func(tx *store.Tx) error {
				runs.Add(1)
				tx.AfterCommit(func() { told.Add(1) })
				if err := raise(t.Context(), tx, order[0]); err != nil {
					return err
				}
				if !met { // in the first run only: nobody waits for a second one
					met = true
					firstLocked.Done()
					firstLocked.Wait()
				}
				return raise(t.Context(), tx, order[1])
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	writers.Wait()
	if runs.Load() < 3 || told.Load() != 2 {
		t.Errorf("%d runs, told %d times of 2 commits", runs.Load(), told.Load())
	}
	if diff := cmp.Diff([]int64{3, 3}, versions(t, db)); diff != "" {
		t.Error(diff)
	}
}

func raise(ctx context.Context, tx *store.Tx, department string) error {
	_, err := tx.Exec(ctx, `
		UPDATE departments
		SET version = version + 1
		WHERE tenant_id = $1 AND id = $2`, department)
	return err
}

func versions(t *testing.T, db *store.DB) (found []int64) {
	t.Helper()
	err := db.Read(t.Context(), "t1", func(tx *store.Tx) (err error) {
		found, err = store.Collect(t.Context(), tx, func(r store.Row) (v int64, err error) {
			err = r.Scan(&v)
			return v, err
		}, `SELECT d.version FROM departments d WHERE d.tenant_id = $1`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// failing makes every change of a department fail with a code, as often as times says. A sequence
// counts: it is not rolled back.
func failing(t *testing.T, owner, code, times string) {
	t.Helper()
	storetest.Command(t, owner, `
		CREATE SEQUENCE failures;
		CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
		BEGIN
			IF nextval('failures') <= `+times+` THEN
				RAISE EXCEPTION 'asked for' USING ERRCODE = '`+code+`';
			END IF;
			RETURN NEW;
		END $$;
		CREATE TRIGGER fail BEFORE UPDATE ON departments FOR EACH ROW EXECUTE FUNCTION fail();`)
}

func TestSerializationFailureIsRunAgain(t *testing.T) {
	owner, application := storetest.PostgresURLs(t)
	db := openPostgres(t, application)
	newTenant(t, db, "t1")
	failing(t, owner, "40001", "3")
	runs, told := 0, 0
	err := db.Write(t.Context(), "t1", func(tx *store.Tx) error {
		runs++
		tx.AfterCommit(func() { told++ })
		return raise(t.Context(), tx, "d1")
	})
	if err != nil || runs != 4 || told != 1 {
		t.Errorf("%d runs, told %d times, %v", runs, told, err)
	}
	if diff := cmp.Diff([]int64{2}, versions(t, db)); diff != "" {
		t.Error(diff)
	}
}

// A database that asks for ever is not obeyed for ever, and other failures not even once.
func TestRepetitionIsBounded(t *testing.T) {
	for code, want := range map[string]int{"40001": 8, "40P01": 8, "P0001": 1} {
		t.Run(code, func(t *testing.T) {
			owner, application := storetest.PostgresURLs(t)
			db := openPostgres(t, application)
			newTenant(t, db, "t1")
			failing(t, owner, code, "1000")
			runs := 0
			err := db.Write(t.Context(), "t1", func(tx *store.Tx) error {
				runs++
				return raise(t.Context(), tx, "d1")
			})
			if err == nil || runs != want {
				t.Errorf("%d runs, %v", runs, err)
			}
		})
	}
}

func TestRepetitionEndsWithTheRequest(t *testing.T) {
	owner, application := storetest.PostgresURLs(t)
	db := openPostgres(t, application)
	newTenant(t, db, "t1")
	failing(t, owner, "40001", "1000")
	ctx, cancel := context.WithCancel(t.Context())
	err := db.Write(ctx, "t1", func(tx *store.Tx) error {
		err := raise(t.Context(), tx, "d1")
		cancel()
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// Whoever holds the file for long has the callers told that it is unavailable while they still listen.
func TestHeldFileIsUnavailable(t *testing.T) {
	t.Parallel() // SQLite waits for a while
	path := storetest.SQLiteFile(t)
	db, err := store.OpenSQLite(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	raw, err := sql.Open("sqlite", path+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	holder, err := raw.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Rollback()
	patient, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	err = db.Write(patient, "platform", func(*store.Tx) error { return nil })
	if !errors.Is(err, store.ErrUnavailable) {
		t.Error(err)
	}
}

// Writers that come together take turns: none is lost and none fails.
func TestWritersTakeTurns(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		newTenant(t, db, "t1")
		const writers = 20
		var all sync.WaitGroup
		for range writers {
			all.Go(func() {
				if err := db.Write(t.Context(), "t1", func(tx *store.Tx) error { return raise(t.Context(), tx, "d1") }); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if diff := cmp.Diff([]int64{1 + writers}, versions(t, db)); diff != "" {
			t.Error(diff)
		}
	})
}
