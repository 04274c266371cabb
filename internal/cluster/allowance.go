package cluster

import (
	"context"
	"sync"
	"time"
)

// Allowance is how often somebody may do something: Burst times at once, and once more every Every. All
// nodes count together while their Redis is there. Each counts for itself besides, so that losing Redis
// lifts nothing: what a user has left is then, on each node, what they would have had on that one alone.
//
// It is kept as one instant, that at which all would be unspent again (the generic cell rate algorithm, as
// in ITU-T I.371, annex A), and costs nothing while nobody spends.
type Allowance struct {
	Name  string // whose it is and of what, in the tenant
	Burst int    // at least 1
	Every time.Duration
}

// Spend takes one of each allowance of a tenant, or none at all when one of them is used up: then it
// returns how long it takes until there is one again. It never fails.
func (c *Cluster) Spend(ctx context.Context, tenant string, allowances ...Allowance) (wait time.Duration) {
	keyed := make([]Allowance, len(allowances))
	for i, a := range allowances {
		a.Name = tenant + ":usher:allowance:" + a.Name
		keyed[i] = a
	}
	return c.medium.spend(ctx, keyed)
}

// spending is what one process knows of the allowances that are not whole.
type spending struct {
	mu    sync.Mutex               // guards what follows
	whole map[string]time.Duration // since began: when each is unspent again
	sweep time.Duration            // when those that are whole are next forgotten
	began time.Time
}

func newSpending() *spending {
	return &spending{whole: map[string]time.Duration{}, began: time.Now()}
}

// spend is what allowanceScript is on a Redis, by this process's clock.
func (s *spending) spend(allowances []Allowance) (wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Since(s.began)
	if now > s.sweep {
		s.forgetWhole(now)
	}
	for _, a := range allowances {
		wait = max(wait, s.unspent(a, now)-a.Every*time.Duration(a.Burst-1)-now)
	}
	if wait > 0 {
		return wait
	}
	for _, a := range allowances {
		s.whole[a.Name] = s.unspent(a, now) + a.Every
	}
	return 0
}

// unspent is when the allowance is whole again, at the earliest now; mu is held.
func (s *spending) unspent(a Allowance, now time.Duration) time.Duration {
	return max(now, s.whole[a.Name])
}

func (s *spending) forgetWhole(now time.Duration) {
	for name, whole := range s.whole {
		if whole <= now {
			delete(s.whole, name)
		}
	}
	s.sweep = now + sweepEvery
}
