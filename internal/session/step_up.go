package session

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

type stepUpInput struct {
	Body struct {
		Code string `json:"code" minLength:"1" maxLength:"256" doc:"Six digits of the authenticator, or a recovery code"`
	}
}

// stepUpOutput leaves the cookie as it is.
type stepUpOutput struct{ Body issuedJSON }

func (s *Service) handleStepUp(ctx context.Context, in *stepUpInput) (*stepUpOutput, error) {
	by := caller.Must(ctx)
	if !by.Enrolled {
		return nil, caller.ErrMustEnrol
	}
	a, err := s.takeOwnCode(ctx, by, in.Body.Code)
	if err != nil {
		return nil, err
	}
	i, err := s.stepUp(ctx, by, a.try, in.Body.Code)
	if err != nil {
		return nil, over(s.failOwnCode(ctx, a, err))
	}
	return &stepUpOutput{i.json()}, nil
}

// stepUp gives the session's user an access token that says when the second factor was shown: now.
func (s *Service) stepUp(ctx context.Context, by *caller.Caller, t try, code string) (i issued, err error) {
	err = s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		if err := holdUser(ctx, tx, by.User); err != nil {
			return err
		}
		if _, err := s.config.Identity.UseFactor(ctx, tx, by.User, code); err != nil {
			return err
		}
		if err := t.forgiveCode(ctx, tx, by.User); err != nil {
			return err
		}
		r, err := findSession(ctx, tx, by.Session)
		if err != nil {
			return err
		}
		if err := r.showFactor(ctx, tx); err != nil {
			return err
		}
		if i, err = s.issue(ctx, tx, r, refreshToken{}); err != nil {
			return err
		}
		api.Touched(ctx, "user", by.User)
		api.Touched(ctx, "session", by.Session)
		return s.config.Audit.Append(ctx, tx)
	})
	return i, err
}
