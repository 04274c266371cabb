package session

import (
	"context"

	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/store"
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
	if u.MustChange && next == current {
		return issued{}, identity.ErrWeakPassword.With("it is the one that is to be changed")
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
