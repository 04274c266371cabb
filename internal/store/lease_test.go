package store_test

import (
	"context"
	"errors"
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

func takeLease(t *testing.T, db *store.DB) *store.Lease {
	t.Helper()
	l, err := db.TakeLease(t.Context(), "serve")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestLeaseHasOneHolder(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		t.Parallel()
		first, second := node(t, p), node(t, p)
		held := takeLease(t, first)
		if _, err := second.TakeLease(t.Context(), "serve"); !errors.Is(err, store.ErrServed) {
			t.Errorf("taken while it is renewed: %v", err)
		}
		other, err := second.TakeLease(t.Context(), "something else")
		if err != nil {
			t.Errorf("a lease of another name: %v", err)
		}
		select {
		case <-held.Lost():
			t.Error("lost to somebody who was refused")
		default:
		}
		for range 2 { // may be called more than once
			if err := held.Release(t.Context()); err != nil {
				t.Error(err)
			}
		}
		next := takeLease(t, second)
		if err := errors.Join(next.Release(t.Context()), other.Release(t.Context())); err != nil {
			t.Error(err)
		}
	})
}

// A holder whose database is gone cannot renew: it says so, and its successor waits for it no longer
// than the lease's time. The successor's clock is years off, and that does not matter.
func TestLeaseOfADeadHolderIsTakenOver(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		t.Parallel()
		first, second := node(t, p), node(t, p)
		held := takeLease(t, first)
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		late := second.WithClock(func() time.Time { return time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC) })
		next := takeLease(t, late)
		<-held.Lost()
		select {
		case <-next.Lost():
			t.Error("lost right away")
		default:
		}
		if err := next.Release(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestStolenLeaseIsLost(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		t.Parallel()
		held := takeLease(t, node(t, p))
		p.command(`UPDATE server_leases SET holder = 'thief', fence = fence + 1`)
		<-held.Lost()
		if err := held.Release(t.Context()); err != nil {
			t.Error(err)
		}
		left := ""
		err := node(t, p).AcrossRead(t.Context(), store.ServeLease, func(s *store.Span) error {
			return s.QueryRow(t.Context(), `SELECT holder FROM server_leases`, nil, &left)
		})
		if err != nil || left != "thief" {
			t.Errorf("the lease that was lost is held by %q, %v", left, err)
		}
	})
}

func TestWaitingForALeaseEndsWithTheContext(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		t.Parallel()
		p.command(`INSERT INTO server_leases (name, holder, fence, expires_at) VALUES ('serve', 'gone', 7, 0)`)
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
		if _, err := waiting.TakeLease(ctx, "serve"); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}
