package cluster

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

var errBroken = errors.New("broken")

// waiting is what an operation on a Redis that hangs does.
func waiting(ctx context.Context) (string, error) {
	<-ctx.Done()
	return "", ctx.Err()
}

// inBubble gives f a medium without a connection, whose probes answer what comes out of the channel, and
// a clock that stands still while anybody works.
func inBubble(t *testing.T, f func(t *testing.T, r *redis, probes chan error)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		probes := make(chan error)
		r := &redis{slots: make(chan struct{}, crowd)}
		r.breaker = newBreaker(func(ctx context.Context) error {
			select {
			case err := <-probes:
				return err
			case <-ctx.Done():
				return ctx.Err()
			}
		})
		ctx, stop := context.WithCancel(t.Context())
		r.running.Go(func() { r.breaker.run(ctx) })
		f(t, r, probes)
		stop()
		r.running.Wait()
	})
}

// takes fails unless f takes as long as said; the clock of a bubble is exact.
func takes(t *testing.T, want time.Duration, f func()) {
	t.Helper()
	began := time.Now()
	f()
	if took := time.Since(began); took != want {
		t.Errorf("took %v, want %v", took, want)
	}
}

func TestAHangingRedisCostsTheDeadlineOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, r *redis, _ chan error) {
		operation := func() {
			if got, err := do(t.Context(), r, waiting); !errors.Is(err, ErrAway) || got != "" {
				t.Errorf("got %q, %v", got, err)
			}
		}
		takes(t, Deadline, operation)
		takes(t, 0, operation)
	})
}

// Some of the library does not look at the clock.
func TestAnOperationThatKnowsNoDeadlineIsLeftBehind(t *testing.T) {
	inBubble(t, func(t *testing.T, r *redis, _ chan error) {
		end := make(chan struct{})
		takes(t, Deadline, func() {
			got, err := do(t.Context(), r, func(context.Context) (string, error) { <-end; return "late", nil })
			if !errors.Is(err, ErrAway) || got != "" {
				t.Errorf("got %q, %v", got, err)
			}
		})
		close(end)
	})
}

// However many come at once, nobody waits longer, also those for whom there is no room.
func TestACrowdWaitsForTheDeadlineAndNoLonger(t *testing.T) {
	inBubble(t, func(t *testing.T, r *redis, _ chan error) {
		takes(t, Deadline, func() {
			done := make(chan error)
			for range 4 * crowd {
				go func() {
					_, err := do(t.Context(), r, waiting)
					done <- err
				}()
			}
			for range 4 * crowd {
				if err := <-done; !errors.Is(err, ErrAway) {
					t.Fatalf("got %v", err)
				}
			}
		})
	})
}

func TestTheBreakerOpensAtTheFirstFailureAndClosesAtTheFirstGoodProbe(t *testing.T) {
	inBubble(t, func(t *testing.T, r *redis, probes chan error) {
		asked := 0
		operation := func(failure error) error {
			_, err := do(t.Context(), r, func(context.Context) (string, error) { asked++; return "", failure })
			return err
		}
		if err := operation(nil); err != nil {
			t.Fatal(err)
		}
		if err := operation(errBroken); !errors.Is(err, ErrAway) || !errors.Is(err, errBroken) {
			t.Fatalf("got %v", err)
		}
		probes <- errBroken // at once
		takes(t, probeEvery, func() { probes <- errBroken })
		if err := operation(nil); !errors.Is(err, errBroken) || asked != 2 {
			t.Fatalf("got %v after %d operations", err, asked)
		}
		takes(t, probeEvery, func() { probes <- nil })
		r.breaker.wait(t.Context())
		if err := operation(nil); err != nil || asked != 3 {
			t.Fatalf("got %v after %d operations", err, asked)
		}
	})
}

// Somebody who hangs up in the middle of a request says nothing about Redis.
func TestWhoeverAskedMayBeGone(t *testing.T) {
	inBubble(t, func(t *testing.T, r *redis, _ chan error) {
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := do(gone, r, func(ctx context.Context) (string, error) { return "", ctx.Err() })
		if err != nil || r.breaker.pass() != nil {
			t.Errorf("got %v, %v", err, r.breaker.pass())
		}
	})
}

func TestWaitingForRedisEndsWithTheContext(t *testing.T) {
	inBubble(t, func(t *testing.T, r *redis, _ chan error) {
		r.breaker.trip(errBroken)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		takes(t, time.Second, func() {
			if r.breaker.wait(ctx) {
				t.Error("Redis is said to be there")
			}
		})
	})
}
