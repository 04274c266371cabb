package store_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// short is how long leases outlive their last renewal here. Nothing below depends on how long things
// take; it is long enough for a holder on a busy machine to renew in time.
const short = 3 * time.Second

// node opens the database as one more process would.
func node(t *testing.T, p place) *store.DB {
	t.Helper()
	db, err := p.open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return store.WithLeaseTime(db, short)
}

func join(t *testing.T, db *store.DB, name string) *store.Lease {
	t.Helper()
	l, err := db.Join(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func alone(t *testing.T, db *store.DB) *store.Lease {
	t.Helper()
	l, err := db.Alone(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func release(t *testing.T, leases ...*store.Lease) {
	t.Helper()
	for _, l := range leases {
		if err := l.Release(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

func keeps(t *testing.T, l *store.Lease) {
	t.Helper()
	select {
	case <-l.Lost():
		t.Error("the lease is lost")
	default:
	}
}

// works tells whether the node may work with the database.
func works(t *testing.T, db *store.DB) error {
	t.Helper()
	return errors.Join(db.Ping(t.Context()), db.PutFact(t.Context(), "fact", "value"))
}

func TestNodesServeTogetherUnderDifferentNames(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		t.Parallel()
		first, second, third := node(t, p), node(t, p), node(t, p)
		a, b := join(t, first, "a"), join(t, second, "b")
		if _, err := third.Join(t.Context(), "a"); !errors.Is(err, store.ErrNodeTaken) {
			t.Errorf("the name of a living node was given again: %v", err)
		}
		keeps(t, a)
		keeps(t, b)
		until(t, func() bool { return errors.Join(works(t, first), works(t, second)) == nil })
		release(t, a, a) // may be called more than once
		release(t, join(t, third, "a"), b)
	})
}

func TestWhoWantsTheDatabaseAloneIsRefusedWhileANodeServes(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		t.Parallel()
		held := join(t, node(t, p), "desk-1")
		_, err := node(t, p).Alone(t.Context())
		if !errors.Is(err, store.ErrServed) || !strings.Contains(err.Error(), "desk-1") {
			t.Errorf("%v", err)
		}
		other := join(t, node(t, p), "desk-2") // whoever was refused left nothing behind
		keeps(t, held)
		if err := held.Only(t.Context()); !errors.Is(err, store.ErrServed) {
			t.Errorf("alone beside another: %v", err)
		}
		release(t, other)
		if err := held.Only(t.Context()); err != nil {
			t.Error(err)
		}
		release(t, held)
	})
}

func TestNobodyComesWhileSomebodyHasTheDatabaseAlone(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		t.Parallel()
		held := alone(t, node(t, p))
		if _, err := node(t, p).Join(t.Context(), "a"); !errors.Is(err, store.ErrAlone) {
			t.Errorf("a node: %v", err)
		}
		if _, err := node(t, p).Alone(t.Context()); !errors.Is(err, store.ErrAlone) {
			t.Errorf("another: %v", err)
		}
		keeps(t, held)
		release(t, held)
		release(t, join(t, node(t, p), "a")) // and the refused one left nothing behind
	})
}

// A crowd that wants both comes at once. Whoever gets in, nobody is beside one who has the database alone.
func TestOfACrowdNodesGetInOrOneAlone(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		t.Parallel()
		const each = 3
		var wait sync.WaitGroup
		leases := make([]*store.Lease, 2*each)
		for n := range each {
			a, b := node(t, p), node(t, p)
			wait.Go(func() { leases[n], _ = a.Join(t.Context(), fmt.Sprint(n)) })
			wait.Go(func() { leases[each+n], _ = b.Alone(t.Context()) })
		}
		wait.Wait()
		nodes, lonely := taken(leases[:each]), taken(leases[each:])
		if lonely > 1 || lonely == 1 && nodes > 0 {
			t.Errorf("%d nodes beside %d who have the database alone", nodes, lonely)
		}
		for _, l := range leases {
			if l != nil {
				keeps(t, l)
				release(t, l)
			}
		}
	})
}

func taken(leases []*store.Lease) (n int) {
	for _, l := range leases {
		if l != nil {
			n++
		}
	}
	return n
}

// A node whose database is gone cannot renew: it may do nothing more, and its successor waits for it no longer than
// the lease's time. The successor's clock is years off, and that does not matter.
func TestADeadNodeIsWaitedOut(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		t.Parallel()
		for name, next := range map[string]func(*store.DB) *store.Lease{
			"by a node of its name": func(db *store.DB) *store.Lease { return join(t, db, "a") },
			"by one alone":          func(db *store.DB) *store.Lease { return alone(t, db) },
		} {
			dead := node(t, p)
			join(t, dead, "a")
			if err := dead.Close(); err != nil {
				t.Fatal(err)
			}
			late := node(t, p).WithClock(func() time.Time { return time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC) })
			l := next(late)
			if err := dead.Ping(t.Context()); !errors.Is(err, store.ErrUnavailable) {
				t.Errorf("taken over %s, and it still works: %v", name, err)
			}
			keeps(t, l)
			release(t, l)
		}
	})
}

// Somebody took the node for dead although it lives: it stops, and leaves the other's row alone.
func TestANodeThatWasTakenForDeadStops(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		t.Parallel()
		db := node(t, p)
		held := join(t, db, "a")
		p.command(`UPDATE server_leases SET holder = 'thief', fence = fence + 1`)
		<-held.Lost()
		release(t, held)
		left := ""
		err := node(t, p).AcrossRead(t.Context(), store.Leases, func(s *store.Span) error {
			return s.QueryRow(t.Context(), `SELECT holder FROM server_leases`, nil, &left)
		})
		if err != nil || left != "thief" {
			t.Errorf("the lease that was lost is held by %q, %v", left, err)
		}
	})
}

// A database that refuses renewals for longer than a lease lasts is a reason to pause and none to end.
func TestANodePausesWhileItCannotRenew(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		t.Parallel()
		db := node(t, p)
		held := join(t, db, "a")
		p.command(`ALTER TABLE server_leases RENAME TO elsewhere`)
		until(t, func() bool { return errors.Is(works(t, db), store.ErrUnavailable) })
		p.command(`ALTER TABLE elsewhere RENAME TO server_leases`)
		until(t, func() bool { return works(t, db) == nil })
		keeps(t, held)
		release(t, held)
	})
}

// A transaction that began while the lease was good does not commit when it no longer is.
func TestATransactionDoesNotOutliveTheLease(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		t.Parallel()
		db := node(t, p)
		held := join(t, db, "a")
		err := db.Across(t.Context(), store.Installation, func(s *store.Span) error {
			if db.Dialect() == store.PostgreSQL { // on SQLite nobody renews while somebody writes
				p.command(`ALTER TABLE server_leases RENAME TO elsewhere`)
			}
			until(t, func() bool { return errors.Is(db.Ping(t.Context()), store.ErrUnavailable) })
			return nil
		})
		if !errors.Is(err, store.ErrUnavailable) {
			t.Errorf("committed: %v", err)
		}
		if db.Dialect() == store.PostgreSQL {
			p.command(`ALTER TABLE elsewhere RENAME TO server_leases`)
		}
		release(t, held)
	})
}

func until(t *testing.T, done func() bool) {
	t.Helper()
	for !done() {
		if err := t.Context().Err(); err != nil {
			t.Fatal(err)
		}
		runtime.Gosched()
	}
}

func TestWaitingForALeaseEndsWithTheContext(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		t.Parallel()
		p.command(`INSERT INTO server_leases (name, holder, fence, expires_at) VALUES ('node a', 'gone', 7, 0)`)
		db := node(t, p)
		ctx, cancel := context.WithCancel(t.Context())
		looked := false
		waiting := db.WithClock(func() time.Time { // asked once to begin with, and at each look at the row
			if looked {
				cancel()
			}
			looked = true
			return time.Now()
		})
		if _, err := waiting.Join(ctx, "a"); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

// The database was migrated between the opening of the node's handle and its row: it does not serve what it does
// not know.
func TestANodeLooksAtTheSchemaAgain(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		t.Parallel()
		db := node(t, p)
		p.command(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`)
		if _, err := db.Join(t.Context(), "a"); !errors.Is(err, store.ErrNewerSchema) {
			t.Errorf("%v", err)
		}
	})
}
