package main

import (
	"context"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"github.com/usher-desk/usher/internal/server"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// The server is killed again and again while people write. What was acknowledged is there afterwards, with its record;
// what was not is there with its record, or neither is; and nothing else is there. make soak sets how often.
func TestNothingIsLostWhenTheServerIsKilled(t *testing.T) {
	kills := 20
	if text := os.Getenv("USHER_TEST_KILLS"); text != "" {
		var err error
		if kills, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("sqlite", func(t *testing.T) { killAgainAndAgain(t, kills, server.Place{Data: t.TempDir()}) })
	t.Run("postgres", func(t *testing.T) {
		_, application := storetest.PostgresURLs(t)
		killAgainAndAgain(t, kills, server.Place{Data: t.TempDir(), Postgres: application})
	})
}

// Between two kills at least this many answers come, and at most as many more.
const answers = 15

func killAgainAndAgain(t *testing.T, kills int, place server.Place) {
	t.Parallel()
	password := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(password, []byte("tangerine velvet harbour"), 0o600); err != nil {
		t.Fatal(err)
	}
	do(t, "usher", append([]string{"init"}, append(flagsOf(place), "--url", "http://127.0.0.1:8080", "--tenant", "acme", "--admin", "zhou", "--password-file", password)...)...)
	first := startVictim(t, place, 0)
	crew := newCrew(t, first.url, place)
	before := lookAt(t, place, crew.tenant)
	for n := range kills {
		if n > 0 {
			first = startVictim(t, place, n)
		}
		crew.work(t, first, answers+rand.IntN(answers))
	}
	startVictim(t, place, kills).kill(t) // what a killed one left is recovered by the next
	crew.compare(t, before, lookAt(t, place, crew.tenant))
}

// flagsOf name the place on the command line.
func flagsOf(p server.Place) []string {
	flags := []string{"--data", p.Data}
	if p.Postgres != "" {
		flags = append(flags, "--postgres", p.Postgres)
	}
	return flags
}

// crew are people who write, and what they have heard of it.
type crew struct {
	tenant  string
	writers map[string]*writer
}

// work has everybody write until the server, which is killed after so many answers, does not answer any more.
func (c *crew) work(t *testing.T, v *victim, answers int) {
	t.Helper()
	answered := make(chan struct{})
	var working sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	for _, w := range c.writers {
		working.Go(func() { w.write(ctx, v.url, answered) })
	}
	for range answers {
		<-answered
	}
	go func() { // nobody waits for the one who counts no more
		for range answered {
		}
	}()
	v.kill(t)
	working.Wait()
	stop()
	close(answered)
}

// compare holds what is there against what was heard.
func (c *crew) compare(t *testing.T, before, after map[string]sight) {
	t.Helper()
	for kind, w := range c.writers {
		if w.unexpected != "" {
			t.Errorf("%s: %s", kind, w.unexpected)
		}
		there := after[kind].since(before[kind])
		for name, record := range w.acknowledged {
			if _, ok := there.things[name]; !ok && kind != reading {
				t.Errorf("%s %s was acknowledged and is not there", kind, name)
			}
			if !there.records[record] {
				t.Errorf("%s %s was acknowledged and has no record", kind, name)
			}
		}
		for name, id := range there.things {
			if _, ok := w.acknowledged[name]; !ok && !w.cut[name] {
				t.Errorf("%s %s is there and nobody asked for it", kind, name)
			}
			if !there.targets[id] {
				t.Errorf("%s %s is there and has no record", kind, name)
			}
		}
		ids := maps.Collect(flip(maps.All(there.things)))
		for id := range there.targets {
			if _, ok := ids[id]; !ok && kind != reading {
				t.Errorf("the record of %s %s tells of what is not there", kind, id)
			}
		}
		t.Logf("%s: %d acknowledged, %d cut off, %d are there", kind, len(w.acknowledged), len(w.cut), len(there.things))
	}
}

func flip[K, V any](pairs func(func(K, V) bool)) func(func(V, K) bool) {
	return func(yield func(V, K) bool) { pairs(func(k K, v V) bool { return yield(v, k) }) }
}

// sight is what there is of a kind.
type sight struct {
	things  map[string]string // from what the writer called it to its id
	records map[string]bool   // ids of records of success
	targets map[string]bool   // ids of what these tell of
}

// since is what has come.
func (s sight) since(before sight) sight {
	for name := range before.things {
		delete(s.things, name)
	}
	for id := range before.targets {
		delete(s.targets, id)
	}
	return s
}

// lookAt reads what there is, around the program.
func lookAt(t *testing.T, place server.Place, tenant string) map[string]sight {
	t.Helper()
	db, err := openPlace(t.Context(), place)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	all := map[string]sight{}
	err = db.Read(t.Context(), tenant, func(tx *store.Tx) error {
		for kind, k := range kinds {
			s := sight{map[string]string{}, map[string]bool{}, map[string]bool{}}
			each := func(query string, args []any, keep func(a, b string)) error {
				rows, err := tx.Query(t.Context(), query, args...)
				if err != nil {
					return err
				}
				defer rows.Close()
				for rows.Next() {
					var a, b string
					if err := rows.Scan(&a, &b); err != nil {
						return err
					}
					keep(a, b)
				}
				return rows.Err()
			}
			err := each(k.things, nil, func(name, id string) { s.things[name] = id })
			if err == nil {
				err = each(recordsQuery, []any{k.event, k.target}, func(record, target string) { s.records[record], s.targets[target] = true, true })
			}
			if err != nil {
				return err
			}
			all[kind] = s
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

const recordsQuery = `
	SELECT b.id, coalesce(t.target_id, '')
	FROM audit_bodies b
	LEFT JOIN audit_targets t ON t.tenant_id = $1 AND t.record_id = b.id AND t.type = $3
	WHERE b.tenant_id = $1 AND b.event = $2 AND b.result = 'success'`

func openPlace(ctx context.Context, p server.Place) (*store.DB, error) {
	if p.Postgres != "" {
		return store.OpenPostgres(ctx, p.Postgres)
	}
	return store.OpenSQLite(ctx, filepath.Join(p.Data, "usher.db"))
}
