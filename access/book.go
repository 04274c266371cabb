package access

import (
	"maps"
	"sync"
	"sync/atomic"
	"time"
)

// A Book holds the current [Snapshot] of many tenants and answers questions by
// names. Any goroutine may ask and replace at any time; a question is answered
// by one snapshot from beginning to end. The zero Book is empty and ready.
type Book struct {
	// pages is replaced as a whole, by one writer at a time, when a tenant
	// comes or goes; readers take no lock.
	pages   atomic.Pointer[map[string]*page]
	writing sync.Mutex
}

// A page keeps its place while the tenant's snapshots follow each other.
type page struct{ current atomic.Pointer[Snapshot] }

// Put makes these snapshots the current ones of their tenants.
func (b *Book) Put(snapshots ...*Snapshot) {
	b.writing.Lock()
	defer b.writing.Unlock()
	pages := b.all()
	copied := false
	for _, s := range snapshots {
		p := pages[s.tenant.ID]
		if p == nil {
			if !copied {
				pages, copied = maps.Clone(pages), true
			}
			p = &page{}
			pages[s.tenant.ID] = p
		}
		p.current.Store(s)
	}
	b.pages.Store(&pages)
}

// Remove forgets a tenant; every question about it is an error from then on.
func (b *Book) Remove(tenant string) {
	b.writing.Lock()
	defer b.writing.Unlock()
	pages := maps.Clone(b.all())
	delete(pages, tenant)
	b.pages.Store(&pages)
}

func (b *Book) all() map[string]*page {
	if pages := b.pages.Load(); pages != nil {
		return *pages
	}
	return map[string]*page{}
}

// Snapshot returns the tenant's current snapshot.
func (b *Book) Snapshot(tenant string) (*Snapshot, bool) {
	pages := b.pages.Load()
	if pages == nil {
		return nil, false
	}
	p := (*pages)[tenant]
	if p == nil {
		return nil, false
	}
	return p.current.Load(), true
}

// Subject finds a user by names. Unknown ones are an [*UnknownError].
func (b *Book) Subject(tenant, subject string) (Subject, error) {
	snapshot, found := b.Snapshot(tenant)
	if !found {
		return Subject{}, &UnknownError{Kind: "tenant", Name: tenant}
	}
	s, found := snapshot.Subject(subject)
	if !found {
		return Subject{}, &UnknownError{Kind: "subject", Name: subject}
	}
	return s, nil
}

// Check is [Subject.Check] by names. An unknown one is an [*UnknownError],
// never an answer, also for somebody who holds everything.
func (b *Book) Check(tenant, subject, resource, action string, o *Object, at time.Time) (Decision, error) {
	s, op, err := b.find(tenant, subject, resource, action)
	if err != nil {
		return Decision{}, err
	}
	return s.Check(op, o, at), nil
}

// Holds is [Subject.Holds] by names, at scope own where none is given. An
// unknown one is an [*UnknownError], never the lowest rank.
func (b *Book) Holds(tenant, subject, resource, action, scope string, at time.Time) (bool, error) {
	s, op, err := b.find(tenant, subject, resource, action)
	if err != nil {
		return false, err
	}
	wanted := Own
	if scope != "" {
		if wanted, err = ParseScope(scope); err != nil {
			return false, err
		}
	}
	return s.Holds(op, wanted, at), nil
}

func (b *Book) find(tenant, subject, resource, action string) (Subject, Operation, error) {
	s, err := b.Subject(tenant, subject)
	if err != nil {
		return Subject{}, Operation{}, err
	}
	op, err := s.snapshot.catalogue.Operation(resource, action)
	return s, op, err
}
