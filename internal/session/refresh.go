package session

import (
	"context"
	"crypto/subtle"
	"errors"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

type refreshInput struct{ RefreshCookie }

func (s *Service) handleRefresh(ctx context.Context, in *refreshInput) (*issuedOutput, error) {
	token, ok := s.refreshTokenIn(in.RefreshCookie)
	if !ok {
		return nil, ErrInvalidRefresh
	}
	i, err := s.refresh(ctx, token)
	var reason refusal
	if errors.Is(err, store.ErrNotFound) || errors.As(err, &reason) {
		err = ErrInvalidRefresh.Because(err)
	}
	if err != nil {
		return nil, nobody(ctx, err)
	}
	return s.output(i), nil
}

// refresh exchanges a refresh token for new tokens. It checks everything that a sign-in checks; the
// user may have been disabled since. The errors are [ErrInvalidRefresh], [store.ErrNotFound] and a
// [refusal].
func (s *Service) refresh(ctx context.Context, token refreshToken) (i issued, err error) {
	err = s.config.DB.Write(ctx, token.tenant, func(tx *store.Tx) error {
		if _, err := namedBySecret(ctx, tx); err != nil {
			return err
		}
		r, err := findSession(ctx, tx, token.session)
		if err != nil {
			return err
		}
		if subtle.ConstantTimeCompare(r.refreshHash, token.hash()) == 0 {
			return ErrInvalidRefresh
		}
		if i, err = s.renew(ctx, tx, r); err != nil {
			return err
		}
		return s.record(ctx, tx, i)
	})
	return i, err
}

// namedBySecret finds the tenant that a secret names, whose trail the record then lies in;
// [store.ErrNotFound] when there is none.
func namedBySecret(ctx context.Context, tx *store.Tx) (tenant.Tenant, error) {
	t, err := tenant.Find(ctx, tx)
	if err == nil {
		api.CallFrom(ctx).Trail = t.ID
	}
	return t, err
}
