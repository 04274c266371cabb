package cluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// breaker keeps a Redis that is away from costing anything. After one failure everybody is refused
// without being let near it, while a goroutine looks whether it is back.
type breaker struct {
	probe func(context.Context) error

	mu      sync.Mutex    // guards what follows
	failure error         // why nobody is let through; nil when everybody is
	mended  chan struct{} // closed when that is over

	wake chan struct{} // tells the goroutine of a failure
}

// probeEvery is the pause between two probes.
const probeEvery = time.Second

func newBreaker(probe func(context.Context) error) *breaker {
	mended := make(chan struct{})
	close(mended)
	return &breaker{probe: probe, mended: mended, wake: make(chan struct{}, 1)}
}

// pass refuses with [ErrAway] while Redis is away.
func (b *breaker) pass() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failure == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", ErrAway, b.failure)
}

// trip refuses everybody from now on, until a probe succeeds.
func (b *breaker) trip(failure error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failure != nil {
		return
	}
	slog.Warn("redis is away; revocations are read from the database until it is back", "cause", failure)
	b.failure, b.mended = failure, make(chan struct{})
	b.wake <- struct{}{} // the goroutine empties it before it mends
}

func (b *breaker) mend() {
	b.mu.Lock()
	defer b.mu.Unlock()
	slog.Info("redis is back")
	b.failure = nil
	close(b.mended)
}

// close refuses everybody for good. The goroutine has ended before.
func (b *breaker) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failure = errors.New("closed")
}

// wait returns when Redis is there, and false when the context has ended before.
func (b *breaker) wait(ctx context.Context) bool {
	b.mu.Lock()
	mended := b.mended
	b.mu.Unlock()
	select {
	case <-mended:
	case <-ctx.Done():
	}
	return ctx.Err() == nil
}

// run probes after every failure, at first at once, until the context ends.
func (b *breaker) run(ctx context.Context) {
	for {
		select {
		case <-b.wake:
		case <-ctx.Done():
			return
		}
		for b.probe(ctx) != nil {
			if !pause(ctx, probeEvery) {
				return
			}
		}
		b.mend()
	}
}

// pause reports whether the time has passed, rather than the context ended.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
