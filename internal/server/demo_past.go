package server

import (
	"context"
	"sync"
	"time"
)

// demoPast is a server on the database of another one, in the days before: its clock is that of the stories.
// It listens nowhere.
type demoPast struct {
	*Server
	clock *demoClock
}

// demoBegan is how long ago the tenants of a demonstration were made.
const demoBegan = 8 * 24 * time.Hour

// demoClock is the time of the stories, which the next step sets.
type demoClock struct {
	mu sync.Mutex // guards at
	at time.Time
}

// now is different at each call, as that of a real clock is: what happens later is later.
func (c *demoClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(time.Millisecond)
	return c.at
}

func (c *demoClock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

func (s *Server) openDemoPast(ctx context.Context) (*demoPast, error) {
	clock := &demoClock{at: s.now().Add(-demoBegan)}
	config := s.config
	config.DB, config.Cluster = config.DB.WithClock(clock.now), nil // nobody is to be told of what is long over
	past, err := New(ctx, config)
	if err != nil {
		return nil, err
	}
	past.Audit.Start()
	return &demoPast{past, clock}, nil
}

func (p *demoPast) close() { p.Audit.Stop() }
