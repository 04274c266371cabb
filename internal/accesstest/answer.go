package accesstest

import (
	"context"
	"errors"
	"fmt"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/access/world"
	"github.com/usher-desk/usher/internal/store"
)

var _ world.Answerer = (*Store)(nil)

// find looks up a subject and an operation.
func (s *Store) find(tenant, subject, resource, action string) (access.Subject, access.Operation, error) {
	found, err := s.book.Subject(tenant, subject)
	if err != nil {
		return access.Subject{}, access.Operation{}, err
	}
	op, err := s.catalogue.Operation(resource, action)
	return found, op, err
}

// object reads an object from its own tenant.
func (s *Store) object(ctx context.Context, tenant, id string) (o access.Object, err error) {
	err = s.db.Read(ctx, tenant, func(tx *store.Tx) error {
		o, err = findObject(ctx, tx, id)
		return err
	})
	return o, err
}

// Check implements [world.Answerer]. The object is read from the tables, and the same is asked of
// them as a filter: an answer on which the two differ is an error.
func (s *Store) Check(ctx context.Context, tenant, subject, action string, o access.Object) (access.Explanation, error) {
	stored, err := s.object(ctx, o.Tenant, o.ID)
	if err != nil {
		return access.Explanation{}, err
	}
	who, op, err := s.find(tenant, subject, stored.Resource, action)
	if err != nil {
		return access.Explanation{}, err
	}
	e := who.Explain(op, &stored, s.db.Now())
	if stored.Tenant != tenant {
		return e, nil // no transaction of the subject's tenant sees it
	}
	covered, err := s.covered(ctx, tenant, who.Filter(op, s.db.Now()), stored.ID)
	if err == nil && len(covered) == 1 != e.Allow {
		err = fmt.Errorf("allowed is %t, and %d rows pass the filter", e.Allow, len(covered))
	}
	return e, err
}

// Holds implements [world.Answerer].
func (s *Store) Holds(_ context.Context, tenant, subject, resource, action string, scope access.Scope) (bool, error) {
	who, op, err := s.find(tenant, subject, resource, action)
	if err != nil {
		return false, err
	}
	return who.Holds(op, scope, s.db.Now()), nil
}

// Filter implements [world.Answerer] by a WHERE clause.
func (s *Store) Filter(ctx context.Context, tenant, subject, resource, action string) ([]string, error) {
	who, op, err := s.find(tenant, subject, resource, action)
	if err != nil {
		return nil, err
	}
	return s.covered(ctx, tenant, who.Filter(op, s.db.Now()), "")
}

func (s *Store) covered(ctx context.Context, tenant string, f access.Filter, id string) (ids []string, err error) {
	err = s.db.Read(ctx, tenant, func(tx *store.Tx) error {
		ids, err = findCovered(ctx, tx, f, id)
		return err
	})
	return ids, err
}

// WhoCan implements [world.Answerer].
func (s *Store) WhoCan(ctx context.Context, tenant, action string, o access.Object) ([]string, error) {
	stored, err := s.object(ctx, o.Tenant, o.ID)
	if err != nil {
		return nil, err
	}
	snapshot, found := s.book.Snapshot(tenant)
	if !found {
		return nil, &access.UnknownError{Kind: "tenant", Name: tenant}
	}
	op, err := s.catalogue.Operation(stored.Resource, action)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, holder := range snapshot.WhoCan(op, &stored, s.db.Now()) {
		ids = append(ids, holder.Subject)
	}
	return ids, nil
}

// errPreviewed ends the transaction of a preview, so that nothing of it remains.
var errPreviewed = errors.New("only a preview")

// Preview implements [world.Answerer]: the change is made in a transaction, looked at, and undone.
func (s *Store) Preview(ctx context.Context, tenant, role string, change world.Change) ([]world.Difference, error) {
	var differences []world.Difference
	err := s.db.Write(ctx, tenant, func(tx *store.Tx) error {
		before, err := s.stored(ctx, tx)
		if err != nil {
			return err
		}
		if err := changeRole(ctx, tx, role, change); err != nil {
			return err
		}
		after, err := s.stored(ctx, tx)
		if err != nil {
			return err
		}
		differences = nil
		for _, d := range access.Preview(before, after, tx.Now) {
			differences = append(differences, world.Difference{Subject: d.Subject, Gained: d.Gained, Lost: d.Lost})
		}
		return errPreviewed
	})
	if !errors.Is(err, errPreviewed) {
		return nil, err
	}
	return differences, nil
}

func changeRole(ctx context.Context, tx *store.Tx, role string, change world.Change) error {
	var active, permissions any // NULL: as it is
	if change.Active != nil {
		active = *change.Active
	}
	if change.Permissions != nil {
		text, err := permissionsText(change.Permissions)
		if err != nil {
			return err
		}
		permissions = text
	}
	n, err := tx.Exec(ctx, `
		UPDATE roles
		SET permissions = coalesce($3, permissions), active = coalesce($4, active)
		WHERE tenant_id = $1 AND name = $2`, role, permissions, active)
	if err == nil && n == 0 {
		err = fmt.Errorf("no role %q", role)
	}
	return err
}
