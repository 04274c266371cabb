package world

import (
	"context"
	"fmt"
	"time"

	"github.com/usher-desk/usher/access"
)

// Library answers from package access alone.
type Library struct {
	world *World
	book  access.Book
}

// NewLibrary compiles the tenants of a world.
func NewLibrary(w *World) (*Library, error) {
	l := &Library{world: w}
	for _, t := range w.Tenants {
		s, err := access.Compile(w.Catalogue, t.Tenant)
		if err != nil {
			return nil, err
		}
		l.book.Put(s)
	}
	return l, nil
}

// now is the instant of every question.
func (l *Library) now() time.Time { return l.world.Now }

// find looks up a subject and an operation.
func (l *Library) find(tenant, subject, resource, action string) (s access.Subject, op access.Operation, err error) {
	if s, err = l.book.Subject(tenant, subject); err == nil {
		op, err = s.Snapshot().Catalogue().Operation(resource, action)
	}
	return s, op, err
}

// Check implements [Answerer].
func (l *Library) Check(_ context.Context, tenant, subject, action string, o access.Object) (access.Explanation, error) {
	s, op, err := l.find(tenant, subject, o.Resource, action)
	if err != nil {
		return access.Explanation{}, err
	}
	return s.Explain(op, &o, l.now()), nil
}

// Holds implements [Answerer].
func (l *Library) Holds(_ context.Context, tenant, subject, resource, action string, scope access.Scope) (bool, error) {
	return l.book.Holds(tenant, subject, resource, action, scope.String(), l.now())
}

// Filter implements [Answerer].
func (l *Library) Filter(_ context.Context, tenant, subject, resource, action string) ([]string, error) {
	s, op, err := l.find(tenant, subject, resource, action)
	if err != nil {
		return nil, err
	}
	filter := s.Filter(op, l.now())
	var ids []string
	for _, t := range l.world.Tenants {
		for i := range t.Objects {
			if filter.Covers(&t.Objects[i]) {
				ids = append(ids, t.Objects[i].ID)
			}
		}
	}
	return ids, nil
}

// WhoCan implements [Answerer].
func (l *Library) WhoCan(_ context.Context, tenant, action string, o access.Object) ([]string, error) {
	snapshot, found := l.book.Snapshot(tenant)
	if !found {
		return nil, &access.UnknownError{Kind: "tenant", Name: tenant}
	}
	op, err := snapshot.Catalogue().Operation(o.Resource, action)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, holder := range snapshot.WhoCan(op, &o, l.now()) {
		ids = append(ids, holder.Subject)
	}
	return ids, nil
}

// Preview implements [Answerer].
func (l *Library) Preview(_ context.Context, tenant, role string, change Change) ([]Difference, error) {
	before, found := l.book.Snapshot(tenant)
	if !found {
		return nil, &access.UnknownError{Kind: "tenant", Name: tenant}
	}
	t := before.Tenant()
	if err := change.apply(&t, role); err != nil {
		return nil, err
	}
	after, err := access.Compile(before.Catalogue(), t)
	if err != nil {
		return nil, err
	}
	var differences []Difference
	for _, d := range access.Preview(before, after, l.now()) {
		differences = append(differences, Difference{d.Subject, d.Gained, d.Lost})
	}
	return differences, nil
}

func (c Change) apply(t *access.Tenant, role string) error {
	for i := range t.Roles {
		if r := &t.Roles[i]; r.Name == role {
			if c.Permissions != nil {
				r.Permissions = c.Permissions
			}
			if c.Active != nil {
				r.Active = *c.Active
			}
			return nil
		}
	}
	return fmt.Errorf("no role %q", role)
}
