package identity

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/usher-desk/usher/internal/fault"
)

func TestAFloodFindsAFullQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const running, waiting, crowd = 2, 5, 50
		q := newQueue(running, waiting)
		gate := make(chan struct{})
		var now, most, done, refused atomic.Int64
		for range crowd {
			go func() {
				err := q.do(t.Context(), func() {
					most.Store(max(most.Load(), now.Add(1)))
					<-gate
					now.Add(-1)
					done.Add(1)
				})
				if f := (*fault.Error)(nil); errors.As(err, &f) && f.Code == fault.ErrUnavailable && f.RetryAfter > 0 {
					refused.Add(1)
				}
			}()
		}
		synctest.Wait() // everybody runs, waits or has been turned away
		if got := refused.Load(); got != crowd-running-waiting {
			t.Errorf("%d were turned away, want %d", got, crowd-running-waiting)
		}
		if now.Load() != running {
			t.Errorf("%d run, want %d", now.Load(), running)
		}
		close(gate)
		synctest.Wait()
		if done.Load() != running+waiting || most.Load() != running {
			t.Errorf("%d were done, at most %d at once", done.Load(), most.Load())
		}
		if err := q.do(t.Context(), func() {}); err != nil {
			t.Errorf("after the flood: %v", err)
		}
	})
}

func TestWhoGivesUpWaitingLeavesTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(1, 1)
		gate := make(chan struct{})
		go q.do(t.Context(), func() { <-gate })
		synctest.Wait()
		ctx, giveUp := context.WithCancel(t.Context())
		left := make(chan error, 1)
		go func() { left <- q.do(ctx, func() { t.Error("ran for nobody") }) }()
		synctest.Wait()
		giveUp()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("left with %v", err)
		}
		if len(q.places) != 1 {
			t.Errorf("%d places are held, want that of the one who runs", len(q.places))
		}
		close(gate)
	})
}
