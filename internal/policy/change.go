package policy

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// Change runs f, which changes access, in a write transaction under the guard rails: the only way to
// change roles, assignments, permission lists, departments or whether a user is active, exists, or
// can sign in.
//
// It takes the lock of the tenant, renews the caller's subject from what the transaction reads, so
// that f decides by present grants, and compares the policy after f with the one before. Whatever
// differs is held to the rails, whether f thought of them or not. The refusals are
// [ErrCannotGrant], [ErrOwnAccess], [ErrStrongerUser], [ErrStrongerRole], [ErrTooManyRoles] and
// [ErrLastAdministrator]; nothing of f remains then. f should append its record last.
func (s *Service) Change(ctx context.Context, by *caller.Caller, f func(tx *store.Tx) error) error {
	return s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		if _, err := tenant.Lock(ctx, tx); err != nil {
			return err
		}
		before, err := Load(ctx, tx)
		if err != nil {
			return err
		}
		if err := renew(by, before, tx); err != nil {
			return err
		}
		if err := f(tx); err != nil {
			return err
		}
		return s.conclude(ctx, tx, by, before)
	})
}

// renew makes the caller who they are now; somebody deleted or disabled meanwhile is nobody.
func renew(by *caller.Caller, c *Compiled, tx *store.Tx) error {
	subject, found := c.Subject(by.User)
	if !found || !subject.User().Active || c.Suspended() {
		return api.ErrUnauthenticated
	}
	by.Renew(subject, c.Version)
	by.At = tx.Now
	return nil
}

// conclude judges what has changed and lets it be seen once it is committed.
func (s *Service) conclude(ctx context.Context, tx *store.Tx, by *caller.Caller, before *Compiled) error {
	after, err := Load(ctx, tx)
	if err != nil {
		return err
	}
	able, err := s.config.CanSignIn(ctx, tx, after.Administrators())
	if err != nil {
		return err
	}
	if err := judge(newChange(before, after, by.Subject, tx.Now, able)); err != nil {
		return err
	}
	tx.AfterCommit(func() { s.shelf.place(after.TenantID()).put(after) })
	return nil
}
