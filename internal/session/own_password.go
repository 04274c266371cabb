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
	Body struct {
		Current string `json:"current" minLength:"1" maxLength:"1024" doc:"The present password"`
		New     string `json:"new" minLength:"1" maxLength:"1024"`
	}
}

func (s *Service) handlePassword(ctx context.Context, in *passwordInput) (*issuedOutput, error) {
	i, err := s.changePassword(ctx, caller.Must(ctx), in.Body.Current, in.Body.New)
	if err != nil {
		return nil, over(err)
	}
	return s.output(i), nil
}

// changePassword needs the present password, for which the slow-down counts as at sign-in: whoever
// finds an open session must not find out the password by trying. It ends the user's other sessions
// and gives this one fresh tokens.
func (s *Service) changePassword(ctx context.Context, by *caller.Caller, current, next string) (i issued, err error) {
	t, u, err := s.self(ctx, by)
	if err != nil {
		return issued{}, err
	}
	pair := s.pair(by.Tenant, u.Username, originOf(ctx).network)
	if err := s.prove(ctx, by.Tenant, pair, u, current); err != nil {
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

func (s *Service) self(ctx context.Context, by *caller.Caller) (t tenant.Tenant, u identity.User, err error) {
	err = s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) (err error) {
		if t, err = tenant.Find(ctx, tx); err != nil {
			return err
		}
		u, err = identity.Find(ctx, tx, by.User)
		return err
	})
	return t, u, err
}

// prove verifies the present password as a sign-in would.
func (s *Service) prove(ctx context.Context, tenant, pair string, u identity.User, password string) error {
	if err := s.take(ctx, tenant, pair); err != nil {
		return err
	}
	err := s.config.Identity.Verify(ctx, u.PasswordHash, password)
	switch {
	case errors.Is(err, identity.ErrWrongPassword):
		return ErrWrongPassword
	case err != nil:
		return errors.Join(err, s.giveBack(ctx, tenant, pair))
	}
	return s.config.DB.Write(ctx, tenant, func(tx *store.Tx) error { return forgive(ctx, tx, pair) })
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
	return s.remain(ctx, tx, by, "password_changed")
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
