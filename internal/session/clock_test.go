package session_test

import (
	"sync/atomic"
	"testing"
	"time"
)

// stillClock moves only when the test says so, so that no slow machine changes what is awaited.
type stillClock struct {
	micros atomic.Int64
	asked  atomic.Int64 // how often
}

func (c *stillClock) Now() time.Time {
	c.asked.Add(1)
	return time.UnixMicro(c.micros.Load())
}

func (c *stillClock) Advance(d time.Duration) { c.micros.Add(d.Microseconds()) }

// eachStillProgram is eachProgram where a node with a clock that stands still answers get and post.
func eachStillProgram(t *testing.T, f func(t *testing.T, p *program, clock *stillClock)) {
	t.Helper()
	eachProgram(t, func(t *testing.T, p *program) {
		clock := &stillClock{}
		clock.micros.Store(time.Now().UnixMicro())
		p.node = startNode(t, p.DB.WithClock(clock.Now), p.URL)
		f(t, p, clock)
	})
}
