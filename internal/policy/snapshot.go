package policy

import (
	"context"
	"sync"

	"github.com/usher-desk/usher/internal/store"
)

// Snapshot returns the tenant's current policy. It is loaded once and then kept until a change
// replaces it or [Service.Forget] drops it. [store.ErrNotFound] when there is no such tenant.
func (s *Service) Snapshot(ctx context.Context, tenant string) (*Compiled, error) {
	p := s.shelf.place(tenant)
	if c := p.take(); c != nil {
		return c, nil
	}
	return p.fill(func() (c *Compiled, err error) {
		err = s.config.DB.Read(ctx, tenant, func(tx *store.Tx) error {
			c, err = Load(ctx, tx)
			return err
		})
		return c, err
	})
}

// At returns the policy of the transaction's tenant, at the version that the transaction has read: the
// one that is known here when it is of that version, which saves reading it, and what [Load] reads
// otherwise.
func (s *Service) At(ctx context.Context, tx *store.Tx, version int64) (*Compiled, error) {
	if c := s.shelf.place(tx.Tenant()).take(); c != nil && c.Version == version {
		return c, nil
	}
	return Load(ctx, tx)
}

// Forget makes the next question about the tenant load its policy again.
func (s *Service) Forget(tenant string) { s.shelf.place(tenant).clear() }

// shelf keeps one compiled policy per tenant.
type shelf struct{ places sync.Map } // tenant id → *place

func (s *shelf) place(tenant string) *place {
	p, _ := s.places.LoadOrStore(tenant, &place{})
	return p.(*place)
}

// place holds the newest policy of one tenant that is known here.
type place struct {
	loading sync.Mutex // held while the policy is being read, so that a crowd reads it once

	mu      sync.Mutex // guards what follows
	current *Compiled
	cleared int // how often
}

func (p *place) take() *Compiled {
	c, _ := p.look()
	return c
}

// look returns what is there, and how often the place has been cleared, which [place.put] asks for.
func (p *place) look() (c *Compiled, cleared int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.current, p.cleared
}

func (p *place) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.current = nil
	p.cleared++
}

// put keeps a policy that was read after the place had been cleared so many times. One that is
// older than what is there is let go: commits are heard of in any order. So is one that was read
// before the last clear; the next question reads again.
func (p *place) put(c *Compiled, cleared int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.current != nil && p.current.Version > c.Version:
	case p.cleared != cleared:
		p.current = nil
	default:
		p.current = c
	}
}

// fill loads what is missing, unless somebody else has done so meanwhile.
func (p *place) fill(load func() (*Compiled, error)) (*Compiled, error) {
	p.loading.Lock()
	defer p.loading.Unlock()
	c, cleared := p.look()
	if c != nil {
		return c, nil
	}
	c, err := load()
	if err != nil {
		return nil, err
	}
	p.put(c, cleared)
	return c, nil
}
