package server_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/server"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/trail"
)

// migration is what a record tells of one.
type migration struct {
	op       trail.Op
	node     string
	from, to string
}

func migrationsOn(t *testing.T, db *store.DB) (found []migration) {
	t.Helper()
	err := db.Read(t.Context(), "platform", func(tx *store.Tx) error {
		bodies, err := store.Collect(t.Context(), tx, func(r store.Row) (body []byte, err error) { return body, r.Scan(&body) },
			`SELECT b.body FROM audit_bodies b WHERE b.tenant_id = $1 AND b.event = 'schema.migrate' ORDER BY b.id`)
		for _, body := range bodies {
			r, bad := trail.Parse(body)
			if bad != nil {
				return bad
			}
			for change := range r.Change.All() {
				found = append(found, migration{r.Action.Op, r.Actor.ID, change.Old[0], change.New[0]})
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// A migration is on the record of the platform, once: by the command, by the start of a server, and also when a kill came
// before the record.
func TestAMigrationIsOnTheRecord(t *testing.T) {
	eachFirst(t, func(t *testing.T, place server.Place) {
		before, after, err := place.Upgrade(t.Context())
		if err != nil || before >= after {
			t.Fatalf("from %d to %d: %v", before, after, err)
		}
		if _, _, err := place.Upgrade(t.Context()); err != nil {
			t.Fatal(err)
		}
		opened, err := place.Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer opened.Close()
		db := opened.DB
		now := fmt.Sprint("v", after)
		want := []migration{{trail.CLI, "cli", fmt.Sprint("v", before), now}}
		if diff := cmp.Diff(want, migrationsOn(t, db), cmp.AllowUnexported(migration{})); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
		if err := db.PutFact(t.Context(), store.RecordedSchema, "7"); err != nil { // as a kill leaves it
			t.Fatal(err)
		}
		installation, err := place.Serve(t.Context(), "desk-1", false)
		if err != nil {
			t.Fatal(err)
		}
		if err := installation.Close(); err != nil {
			t.Fatal(err)
		}
		want = append(want, migration{trail.Job, "desk-1", "v7", now})
		if diff := cmp.Diff(want, migrationsOn(t, db), cmp.AllowUnexported(migration{})); diff != "" {
			t.Errorf("after a kill (-want +got):\n%s", diff)
		}
	})
}

// What is set up anew has no migration to tell of.
func TestAnEmptyPlaceIsNotMigrated(t *testing.T) {
	place := server.Place{Data: t.TempDir()}
	installation, err := place.Serve(t.Context(), "desk-1", true)
	if err != nil {
		t.Fatal(err)
	}
	found := migrationsOn(t, installation.DB)
	if _, _, err := place.Upgrade(t.Context()); !errors.Is(err, store.ErrServed) {
		t.Errorf("a place that is served: %v", err)
	}
	if err := installation.Close(); err != nil {
		t.Fatal(err)
	}
	if len(found) > 0 {
		t.Errorf("%v", found)
	}
}

// So is the first one of an installation that no record of a migration was ever kept of, when a kill came before the record.
func TestAMigrationThatWasKilledAtItsEndIsOnTheRecord(t *testing.T) {
	eachFirst(t, func(t *testing.T, place server.Place) {
		migrate := func() (int64, int64, error) {
			return store.MigrateSQLite(t.Context(), filepath.Join(place.Data, "usher.db"))
		}
		if place.Postgres != "" {
			migrate = func() (int64, int64, error) {
				return store.MigratePostgres(t.Context(), place.PostgresOwner, place.Postgres)
			}
		}
		before, after, err := migrate()
		if err != nil || before >= after {
			t.Fatalf("from %d to %d: %v", before, after, err)
		}
		installation, err := place.Serve(t.Context(), "desk-1", false)
		if err != nil {
			t.Fatal(err)
		}
		found := migrationsOn(t, installation.DB)
		if err := installation.Close(); err != nil {
			t.Fatal(err)
		}
		want := []migration{{trail.Job, "desk-1", fmt.Sprint("v", before), fmt.Sprint("v", after)}}
		if diff := cmp.Diff(want, found, cmp.AllowUnexported(migration{})); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
