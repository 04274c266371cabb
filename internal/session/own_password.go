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

type passwordInput struct {
	DeviceCookie
	Body struct {
		Current string `json:"current" minLength:"1" maxLength:"1024" doc:"The present password"`
		New     string `json:"new" minLength:"1" maxLength:"1024"`
	}
}

func (s *Service) handlePassword(ctx context.Context, in *passwordInput) (*issuedOutput, error) {
	i, err := s.changePassword(ctx, caller.Must(ctx), in.Body.Current, in.Body.New, s.browserIn(in.DeviceCookie))
	if err != nil {
		return nil, over(err)
	}
	return s.output(i), nil
}

// changePassword needs the present password, for which the slow-down counts as at sign-in: whoever
// finds an open session must not find out the password by trying. It ends the user's other sessions
// and gives this one fresh tokens.
func (s *Service) changePassword(ctx context.Context, by *caller.Caller, current, next string, shown browser) (i issued, err error) {
	t, u, known, err := s.self(ctx, by, shown)
	if err != nil {
		return issued{}, err
	}
	if err := s.prove(ctx, by.Tenant, u, known, current); err != nil {
		return issued{}, err
	}
	hash, err := s.config.Identity.Hash(ctx, t.Slug, u.Username, next)
	if err != nil {
		return issued{}, err
	}
	err = s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		i, err = s.exchangePassword(ctx, tx, by, *u.PasswordHash, hash)
		if err != nil {
			return err
		}
		return s.recordOwn(ctx, tx, by, "password")
	})
	return i, err
}

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

// exchangePassword puts the new hash in the place of the verified one.
func (s *Service) exchangePassword(ctx context.Context, tx *store.Tx, by *caller.Caller, verified, hash string) (issued, error) {
	held, err := holdPassword(ctx, tx, by.User, verified, verified)
	if err == nil && !held {
		err = ErrWrongPassword.Because(refusedSuperseded)
	}
	if err != nil {
		return issued{}, err
	}
	if err := identity.SetPasswordHash(ctx, tx, by.User, hash); err != nil {
		return issued{}, err
	}
	return s.remain(ctx, tx, by, endedPassword)
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
	api.CallFrom(ctx).Changes.Names(credential)
	api.Touched(ctx, "user", by.User)
	return s.config.Audit.Append(ctx, tx)
}
