// Package chore is for what a node does again and again while it serves.
package chore

import (
	"context"
	"sync"
	"time"
)

// Chore is one such thing. The zero value is ready to use, and must not be copied. It may be used by
// several goroutines at once.
type Chore struct {
	mu      sync.Mutex // guards the next two
	cancel  func()     // has no next time come; nil before the start
	stopped bool

	running sync.WaitGroup
}

// Start has the chore done on a goroutine of its own, for the first time after the interval and then
// after each further one, but never twice at once: of the times that come while it is being done one is
// made up for. Only the first Start counts, and none after [Chore.Stop].
func (c *Chore) Start(interval time.Duration, do func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cancel != nil || c.stopped {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	c.cancel = cancel
	c.running.Go(func() { repeat(ctx, interval, do) })
}

// Stop returns when the chore is not being done and will not be again. It may be called more than once,
// and without Start, but not from the chore itself.
func (c *Chore) Stop() {
	c.mu.Lock()
	c.stopped = true
	if c.cancel != nil {
		c.cancel()
	}
	c.mu.Unlock()
	c.running.Wait()
}

func repeat(ctx context.Context, interval time.Duration, do func()) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if ctx.Err() == nil { // both may have been ready
			do()
		}
	}
}
