package servertest

import (
	"sync/atomic"
	"time"
)

// Clock is the time that transactions carry: the real one, moved by what the test has added.
type Clock struct {
	ahead atomic.Int64
	still atomic.Int64 // when it was stopped, in nanoseconds; 0 while it runs
}

// Now is the clock's time.
func (c *Clock) Now() time.Time {
	now := time.Now()
	if still := c.still.Load(); still != 0 {
		now = time.Unix(0, still)
	}
	return now.Add(time.Duration(c.ahead.Load()))
}

// Advance moves the clock.
func (c *Clock) Advance(d time.Duration) { c.ahead.Add(int64(d)) }

// Stop has only Advance move the clock from now on, so that nothing grows old because the machine is
// slow.
func (c *Clock) Stop() { c.still.Store(time.Now().UnixNano()) }
