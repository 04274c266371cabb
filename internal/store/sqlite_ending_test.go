package store_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// Whenever the caller goes away, and when the program panics with rows open, a change is there as a whole exactly when it is
// said to be, and nobody gets a connection with somebody else's transaction.
func TestATransactionEndsWhateverHappens(t *testing.T) {
	const writers, rounds, each = 6, 150, 3
	db := storetest.SQLite(t)
	newTenant(t, db, "t1")
	var mu sync.Mutex
	done := map[string]bool{}
	var all sync.WaitGroup
	for writer := range writers {
		all.Go(func() {
			for round := range rounds {
				name := fmt.Sprintf("w%dr%d", writer, round)
				ctx, leave := context.WithCancel(t.Context())
				go func() {
					for range round * 7 % 300 {
						runtime.Gosched()
					}
					leave()
				}()
				err := addAll(ctx, db, name, each, round%10 == 9)
				mu.Lock()
				done[name] = err == nil
				mu.Unlock()
			}
		})
	}
	all.Wait()
	there, kept := map[string]int{}, 0
	err := db.Read(t.Context(), "t1", func(tx *store.Tx) error {
		found, err := store.Collect(t.Context(), tx, store.Text, names)
		for _, name := range found {
			there[name]++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, said := range done {
		n := 0
		for i := range each {
			n += there[fmt.Sprint(name, "n", i)]
		}
		if said != (n == each) || !said && n != 0 {
			t.Errorf("%s: done %v, and %d of %d are there", name, said, n, each)
		}
		kept += n
	}
	if kept == 0 || kept == writers*rounds*each {
		t.Errorf("%d rows are there: nothing was broken off, or all of it", kept)
	}
}

// addAll adds departments whose names begin alike. A panic, with rows open, is an error too.
func addAll(ctx context.Context, db *store.DB, name string, n int, panics bool) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return db.Write(ctx, "t1", func(tx *store.Tx) error {
		for i := range n {
			id := fmt.Sprint(name, "n", i)
			if err := addDepartment(ctx, tx, id, id); err != nil {
				return err
			}
		}
		rows, err := tx.Query(ctx, names)
		if err != nil {
			return err
		}
		defer rows.Close()
		if rows.Next() && panics {
			panic("in the middle")
		}
		return rows.Err()
	})
}
