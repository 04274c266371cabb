package session

import (
	"context"
	"errors"

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
// user may have been disabled since. The errors are [ErrRefreshReused], [store.ErrNotFound] and a
// [refusal].
func (s *Service) refresh(ctx context.Context, token refreshToken) (i issued, err error) {
	err = s.changeByRefresh(ctx, token, token.named().sparingly(), func(tx *store.Tx, _ tenant.Tenant, r row) error {
		if i, err = s.exchange(ctx, tx, token, r); err != nil {
			return err
		}
		return s.record(ctx, tx, i)
	})
	return i, err
}
