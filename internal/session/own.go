package session

import (
	"context"
	"errors"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// self reads who the caller is, and whether the browser is one of theirs.
func (s *Service) self(ctx context.Context, by *caller.Caller, shown browser) (t tenant.Tenant, u identity.User, known device, err error) {
	err = s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) (err error) {
		if t, err = tenant.Find(ctx, tx); err != nil {
			return err
		}
		if u, err = identity.Find(ctx, tx, by.User); err != nil {
			return err
		}
		known, _, err = shown.knownFor(ctx, tx, by.User)
		return err
	})
	return t, u, known, err
}

// prove verifies the present password as a sign-in would, with the same counters. Like there, a burst of
// failures is marked in the log: somebody may have found an open session.
func (s *Service) prove(ctx context.Context, tenant string, u identity.User, known device, password string) error {
	a := attempt{home: tenant, name: u.Username, user: &u, method: methodPassword, from: originOf(ctx)}
	a.brakes = s.brakes(tenant, tenant, u.Username, a.from.network, known.id)
	var err error
	if a.try, err = s.take(ctx, a.brakes); err != nil {
		return err
	}
	err = s.config.Identity.Verify(ctx, u.PasswordHash, password)
	switch {
	case errors.Is(err, identity.ErrWrongPassword):
		return s.failProof(ctx, a)
	case err != nil:
		return errors.Join(err, s.giveBack(ctx, a.try))
	}
	return s.config.DB.Write(ctx, tenant, func(tx *store.Tx) error { return a.try.forgive(ctx, tx) })
}

// failProof logs the failure with which a burst begins. A wrong password is no attempt to sign in.
func (s *Service) failProof(ctx context.Context, a attempt) error {
	if a.try.burst {
		if err := s.logFailure(ctx, a, refusedWrong); err != nil {
			return err
		}
	}
	return ErrWrongPassword
}

// remain ends the user's other sessions and gives the caller's fresh tokens.
func (s *Service) remain(ctx context.Context, tx *store.Tx, by *caller.Caller, reason string) (issued, error) {
	if err := s.EndSessions(ctx, tx, by.User, by.Session, reason); err != nil {
		return issued{}, err
	}
	r, err := findSession(ctx, tx, by.Session)
	if err != nil {
		return issued{}, err
	}
	refresh := r.newFamily(tx.Tenant()) // a copy of the old one is worth nothing from now on
	if err := s.renew(ctx, tx, &r); err != nil {
		return issued{}, err
	}
	return s.issue(ctx, tx, r, refresh)
}

// recordOwn records that a credential of the caller's own is another one now, and nothing of it.
func (s *Service) recordOwn(ctx context.Context, tx *store.Tx, by *caller.Caller, credential string) error {
	api.ChangedSomehow(ctx, credential)
	api.Touched(ctx, "user", by.User)
	return s.config.Audit.Append(ctx, tx)
}
