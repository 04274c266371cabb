package identity

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// errOwnFactor keeps somebody with a stolen session from getting rid of the second factor.
var errOwnFactor = fault.Define(fault.Forbidden, "own_second_factor",
	"Nobody resets their own second factor.", "不能重置自己的两步验证。",
	"Replace or remove it at /v1/me/second-factor, or ask another administrator.")

// handleResetFactor is for somebody who has lost both the authenticator and the recovery codes. Whoever
// must have a second factor enrols again at the next sign-in; the password stays.
func (s *Service) handleResetFactor(ctx context.Context, in *UserPath) (*personOutput, error) {
	by := caller.Must(ctx)
	u, v, err := s.resetFactor(ctx, by, in.ID)
	if err != nil {
		return nil, err
	}
	return v.output(by, u)
}

func (s *Service) resetFactor(ctx context.Context, by *caller.Caller, id string) (u User, v viewer, err error) {
	err = s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		if _, err := s.mayReset(ctx, tx, by, id, errOwnFactor); err != nil {
			return err
		}
		if err := s.RemoveFactor(ctx, tx, id); err != nil {
			return err
		}
		if err := s.config.Sessions.EndSessions(ctx, tx, id, "", "second_factor_reset"); err != nil {
			return err
		}
		if u, err = Find(ctx, tx, id); err != nil {
			return err
		}
		if v, err = s.newViewer(ctx, tx); err != nil {
			return err
		}
		api.ChangedSomehow(ctx, "second_factor")
		api.Touched(ctx, "user", id)
		return s.config.Audit.Append(ctx, tx)
	})
	return u, v, err
}
