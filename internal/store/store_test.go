package store_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// newTenant makes a tenant with one department named after it.
func newTenant(t *testing.T, db *store.DB, id string) {
	t.Helper()
	err := db.Across(t.Context(), store.TenantSetUp, func(s *store.Span) error {
		return s.In(t.Context(), id, func(tx *store.Tx) error {
			_, err := tx.Exec(t.Context(), `
				INSERT INTO tenants (tenant_id, slug, name, preset, locale, time_zone, status, demo, default_role,
					local_password, max_roles_per_user, policy_version, epoch, version, created_at, updated_at)
				VALUES ($1, $2, $2, 'it-desk', 'en', 'UTC', 'active', $3, NULL, 'enabled', 0, 1, 1, 1, 0, 0)`, id, false)
			if err != nil {
				return err
			}
			return addDepartment(t.Context(), tx, "d1", id)
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func addDepartment(ctx context.Context, tx *store.Tx, id, name string) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO departments (tenant_id, id, parent_id, name, name_key, version, created_at, updated_at)
		VALUES ($1, $2, NULL, $3, $3, 1, $4, $4)`, id, name, tx.Now.UnixMicro())
	return err
}

const names = `SELECT d.name FROM departments d WHERE d.tenant_id = $1 ORDER BY d.name`

func departments(t *testing.T, db *store.DB, tenant string) []string {
	t.Helper()
	var found []string
	err := db.Read(t.Context(), tenant, func(tx *store.Tx) (err error) {
		found, err = store.Collect(t.Context(), tx, store.Text, names)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestTransactionSeesOnlyItsTenant(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		newTenant(t, db, "t1")
		newTenant(t, db, "t2")
		if diff := cmp.Diff([]string{"t1"}, departments(t, db, "t1")); diff != "" {
			t.Error(diff)
		}
		if found := departments(t, db, "t3"); found != nil {
			t.Errorf("a tenant that does not exist has %v", found)
		}
	})
}

// Whoever went away while the work was done is told that, and not that the database is broken.
func TestACommitThatNobodyWaitsFor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		newTenant(t, db, "t1")
		for name, in := range map[string]func(context.Context, string, func(*store.Tx) error) error{"read": db.Read, "write": db.Write} {
			for range 20 { // the driver notices at once, or a little later
				ctx, leave := context.WithCancel(t.Context())
				err := in(ctx, "t1", func(tx *store.Tx) error {
					if _, err := store.Collect(ctx, tx, store.Text, names); err != nil {
						return err
					}
					leave()
					runtime.Gosched()
					return nil
				})
				if err != nil && !errors.Is(err, context.Canceled) {
					t.Fatalf("%s: %v", name, err)
				}
			}
		}
	})
}

func TestWriteCommitsOrLeavesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		newTenant(t, db, "t1")
		told := 0
		failure := errors.New("no")
		err := db.Write(t.Context(), "t1", func(tx *store.Tx) error {
			tx.AfterCommit(func() { told++ })
			if err := addDepartment(t.Context(), tx, "d2", "second"); err != nil {
				t.Fatal(err)
			}
			return failure
		})
		if !errors.Is(err, failure) || told != 0 {
			t.Errorf("err %v, told %d times of what did not happen", err, told)
		}
		err = db.Write(t.Context(), "t1", func(tx *store.Tx) error {
			tx.AfterCommit(func() { told++ })
			return addDepartment(t.Context(), tx, "d3", "third")
		})
		if err != nil || told != 1 {
			t.Errorf("err %v, told %d times", err, told)
		}
		if diff := cmp.Diff([]string{"t1", "third"}, departments(t, db, "t1")); diff != "" {
			t.Error(diff)
		}
	})
}

func TestTransactionHasOneTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		at := time.Date(2026, 11, 21, 9, 0, 0, 123456789, time.FixedZone("CST", 8*3600))
		err := db.WithClock(func() time.Time { return at }).Read(t.Context(), "t1", func(tx *store.Tx) error {
			if want := at.UTC().Truncate(time.Microsecond); !tx.Now.Equal(want) || tx.Now.Location() != time.UTC {
				t.Errorf("got %v, want %v", tx.Now, want)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestReadChangesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		newTenant(t, db, "t1")
		err := db.Read(t.Context(), "t1", func(tx *store.Tx) error {
			return addDepartment(t.Context(), tx, "d2", "second")
		})
		if err == nil {
			t.Error("a reading transaction wrote")
		}
	})
}

func TestDriverErrorsHaveOneName(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		newTenant(t, db, "t1")
		write := func(f func(tx *store.Tx) error) error { return db.Write(t.Context(), "t1", f) }
		err := write(func(tx *store.Tx) error { return addDepartment(t.Context(), tx, "d1", "again") })
		if !errors.Is(err, store.ErrDuplicate) {
			t.Errorf("duplicate: %v", err)
		}
		err = write(func(tx *store.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE departments SET parent_id = 'none' WHERE tenant_id = $1`)
			return err
		})
		if !errors.Is(err, store.ErrReference) {
			t.Errorf("reference: %v", err)
		}
		err = write(func(tx *store.Tx) error {
			var name string
			return tx.QueryRow(t.Context(), `SELECT name FROM departments WHERE tenant_id = $1 AND id = $2`, []any{"d9"}, &name)
		})
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("not found: %v", err)
		}
	})
}

func TestTransactionNeedsOneTenant(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for _, tenant := range []string{"", "*"} {
			run := func(*store.Tx) error {
				t.Errorf("ran for %q", tenant)
				return nil
			}
			if db.Read(t.Context(), tenant, run) == nil || db.Write(t.Context(), tenant, run) == nil {
				t.Errorf("accepted %q", tenant)
			}
		}
	})
}

func TestDatabaseThatIsGoneDoesNotAnswer(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		db, err := p.open()
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Ping(t.Context()); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if db.Ping(t.Context()) == nil {
			t.Error("it answers")
		}
		if db.Read(t.Context(), "t1", func(*store.Tx) error { return nil }) == nil {
			t.Error("it can be read")
		}
	})
}

func TestOneRow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		newTenant(t, db, "t1")
		err := db.Read(t.Context(), "t1", func(tx *store.Tx) error {
			if tx.Tenant() != "t1" || tx.Dialect() != db.Dialect() {
				t.Errorf("in %q on %s", tx.Tenant(), tx.Dialect())
			}
			name, err := store.One(t.Context(), tx, store.Text, names)
			if err != nil || name != "t1" {
				t.Errorf("%q, %v", name, err)
			}
			_, err = store.One(t.Context(), tx, store.Text, `SELECT d.name FROM departments d WHERE d.tenant_id = $1 AND d.id = $2`, "none")
			return err
		})
		if !errors.Is(err, store.ErrNotFound) {
			t.Error(err)
		}
	})
}

func TestFactsAreWrittenOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		fact := func(want string) {
			t.Helper()
			if got, err := db.Fact(t.Context(), "key"); err != nil || got != want {
				t.Errorf("%q, %v; want %q", got, err, want)
			}
		}
		fact("")
		if err := db.SetFact(t.Context(), "key", "first"); err != nil {
			t.Error(err)
		}
		fact("first")
		if err := db.SetFact(t.Context(), "key", "second"); !errors.Is(err, store.ErrDuplicate) {
			t.Error(err)
		}
		fact("first")
	})
}
