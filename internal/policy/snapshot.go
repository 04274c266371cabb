package policy

import (
	"context"
	"sync"

	"github.com/usher-desk/usher/internal/cluster"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// aboutPolicy is the topic of messages and marks about a tenant's policy.
const aboutPolicy cluster.Topic = "policy"

// subscribe has this node look again at what other nodes have changed.
func (s *Service) subscribe() {
	s.config.Cluster.Subscribe(aboutPolicy, func(m cluster.Message) { s.shelf.place(m.Tenant).doubt() }, s.shelf.doubt)
}

// announce has every node look whether the policy that it knows is still the tenant's. It is called
// after the commit that changed it.
func (s *Service) announce(tenant string) {
	s.config.Cluster.Announce(cluster.Message{Tenant: tenant, Topic: aboutPolicy})
}

// Snapshot returns the tenant's current policy. It is kept as long as it may be trusted, and read again
// when it has changed. [store.ErrNotFound] when there is no such tenant.
func (s *Service) Snapshot(ctx context.Context, tenant string) (*Compiled, error) {
	p := s.shelf.place(tenant)
	if c := p.take(s.config.DB.Now()); c != nil {
		return c, nil
	}
	p.loading.Lock()
	defer p.loading.Unlock()
	if c := p.take(s.config.DB.Now()); c != nil {
		return c, nil
	}
	known, before := p.look()
	return s.look(ctx, tenant, p, known, before, before.stamp)
}

// Latest is [Service.Snapshot] for whoever would be turned away because of what it says: the database is
// asked, whatever is known. Somebody who was made on another node a moment ago is somebody.
func (s *Service) Latest(ctx context.Context, tenant string) (*Compiled, error) {
	p := s.shelf.place(tenant)
	p.loading.Lock()
	defer p.loading.Unlock()
	known, before := p.look()
	return s.look(ctx, tenant, p, known, before, cluster.Stamp{})
}

// look finds out whether what is known still stands under its stamp, and reads the policy if not.
func (s *Service) look(ctx context.Context, tenant string, p *place, known *Compiled, before placeState, stamp cluster.Stamp) (*Compiled, error) {
	stamp, stands := s.config.Cluster.Renew(ctx, s.config.DB.Now(), stamp, tenant, cluster.Mark{Topic: aboutPolicy})
	if !stands {
		err := s.config.DB.Read(ctx, tenant, func(tx *store.Tx) (err error) {
			known, err = current(ctx, tx, known)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	p.put(known, stamp, before)
	return known, nil
}

// current is the policy that is known, when it is the one that stands in the transaction: nothing but
// its version is read then. Otherwise it is followed.
func current(ctx context.Context, tx *store.Tx, known *Compiled) (*Compiled, error) {
	if known != nil {
		t, err := tenant.Find(ctx, tx)
		if err != nil {
			return nil, err
		}
		if t.PolicyVersion == known.Version && (t.Status == tenant.Suspended) == known.Suspended() {
			return known, nil
		}
	}
	return follow(ctx, tx, known)
}

// At returns the policy of the transaction's tenant, at the version that the transaction has read: the
// one that is known here when it is of that version, and otherwise what has become of it.
func (s *Service) At(ctx context.Context, tx *store.Tx, version int64) (*Compiled, error) {
	known, _ := s.shelf.place(tx.Tenant()).look()
	if known != nil && known.Version == version {
		return known, nil
	}
	return follow(ctx, tx, known)
}

// Forget makes the next question about the tenant load its policy again, on this node and on others.
func (s *Service) Forget(tenant string) {
	s.shelf.place(tenant).clear()
	s.announce(tenant)
}

// shelf keeps one compiled policy per tenant.
type shelf struct{ places sync.Map } // tenant id → *place

func (s *shelf) place(tenant string) *place {
	p, _ := s.places.LoadOrStore(tenant, &place{})
	return p.(*place)
}

func (s *shelf) doubt() {
	for _, p := range s.places.Range {
		p.(*place).doubt()
	}
}
