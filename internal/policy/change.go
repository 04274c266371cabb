package policy

import (
	"context"
	"errors"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/cluster"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// Change runs f, which changes access, in a write transaction under the guard rails: the only way to
// change roles, assignments, permission lists, departments or whether a user is active, exists, or
// can sign in.
//
// It takes the lock of the tenant, renews the caller's subject from what the transaction reads, so
// that f decides by present grants, and compares the policy after f with the one before. Whatever
// differs is held to the rails, whether f thought of them or not. Visitors change no access. The other refusals are
// [ErrCannotGrant], [ErrOwnAccess], [ErrStrongerUser], [ErrStrongerRole], [ErrTooManyRoles],
// [ErrExcludedRoles] and [ErrLastAdministrator]; nothing of f remains then. f should append its record last.
func (s *Service) Change(ctx context.Context, by *caller.Caller, f func(tx *store.Tx) error) error {
	_, err := s.ChangeTo(ctx, by, f)
	return err
}

// ChangeTo is [Service.Change] and returns the policy that the change has made. An answer that shows
// what was written is made from it: the next change may have come before the answer is.
func (s *Service) ChangeTo(ctx context.Context, by *caller.Caller, f func(tx *store.Tx) error) (after *Compiled, err error) {
	return s.changeOrNot(ctx, by, func(tx *store.Tx) (bool, error) { return true, f(tx) })
}

// errLetGo ends a transaction of which nothing is to remain.
var errLetGo = errors.New("policy: nothing of the change is kept")

// changeOrNot is [Service.ChangeTo] for a change that says itself whether it is kept. One that is not has
// been judged all the same; the error is errLetGo then.
func (s *Service) changeOrNot(ctx context.Context, by *caller.Caller, f func(tx *store.Tx) (keep bool, err error)) (after *Compiled, err error) {
	if by.Visit != nil { // whatever permission let them come so far
		return nil, caller.ErrVisitKeepsAccess
	}
	place := s.shelf.place(by.Tenant)
	err = s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		known, state := place.look()
		before, actor, err := begin(ctx, tx, by, known)
		if err != nil {
			return err
		}
		keep, err := f(tx)
		if err != nil {
			return err
		}
		if after, err = s.conclude(ctx, tx, before, actor); err != nil {
			return err
		}
		if !keep {
			return errLetGo
		}
		tx.AfterCommit(func() {
			place.put(after, cluster.Stamp{}, state)
			s.announce(by.Tenant)
		})
		return nil
	})
	return after, err
}

// begin takes the lock, so that what is read from here on stays true, and makes the caller who they
// are now. What is known of the policy saves reading it.
func begin(ctx context.Context, tx *store.Tx, by *caller.Caller, known *Compiled) (before *Compiled, actor access.Subject, err error) {
	if _, err = tenant.Lock(ctx, tx); err != nil {
		return nil, actor, err
	}
	if before, err = follow(ctx, tx, known); err != nil {
		return nil, actor, err
	}
	actor, err = renew(by, before, tx.Now)
	return before, actor, err
}

// Hold makes the caller who they are now, and keeps the tenant's access as it is until the
// transaction ends. It is for changes that depend on access and are none themselves, such as those
// of credentials: what the caller lost while the request was on its way does not count.
func (s *Service) Hold(ctx context.Context, tx *store.Tx, by *caller.Caller) error {
	version, err := tenant.Hold(ctx, tx)
	if err != nil {
		return err
	}
	c, err := s.At(ctx, tx, version)
	if err != nil {
		return err
	}
	_, err = renew(by, c, tx.Now)
	return err
}

// renew makes the caller who they are in a policy, at an instant.
func renew(by *caller.Caller, c *Compiled, at time.Time) (access.Subject, error) {
	actor, err := present(by, c)
	if err == nil {
		by.Renew(actor, c.Version)
		by.At = at
	}
	return actor, err
}

// present is who the caller is in a policy. Somebody deleted or disabled meanwhile is nobody.
func present(by *caller.Caller, c *Compiled) (access.Subject, error) {
	if by.Visit != nil && !c.Suspended() {
		return by.Visit.Subject(by.User, c.Snapshot)
	}
	if by.Machine && !c.Suspended() {
		return caller.Everything(c.Snapshot)
	}
	subject, found := c.Subject(by.User)
	if !found || !subject.User().Active || c.Suspended() {
		return access.Subject{}, api.ErrUnauthenticated
	}
	return subject, nil
}

// conclude judges what has changed and returns the policy as it stands now.
func (s *Service) conclude(ctx context.Context, tx *store.Tx, before *Compiled, actor access.Subject) (*Compiled, error) {
	after, err := follow(ctx, tx, before)
	if err != nil {
		return nil, err
	}
	if err := pruneLog(ctx, tx, after.Version); err != nil {
		return nil, err
	}
	able, err := s.config.CanSignIn(ctx, tx, after.Administrators())
	if err != nil {
		return nil, err
	}
	c := newChange(before, after, actor, tx.Now, able)
	c.settled = settledIn(ctx)
	if c.exclusions, err = loadExclusions(ctx, tx); err != nil {
		return nil, err
	}
	if err := judge(c); err != nil {
		return nil, &verdict{c, err}
	}
	if err := expected(ctx, c); err != nil {
		return nil, err
	}
	if users := c.strengthened(); len(users) > 0 {
		err = s.config.Strengthened(ctx, tx, users)
	}
	return after, err
}
