package session

import (
	"context"

	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/store"
)

type revokeOwnInput struct {
	ID string `path:"id" maxLength:"64"`
}

type revokeInput struct {
	identity.UserPath
	Session string `path:"sid" maxLength:"64"`
}

func (s *Service) handleRevokeOwn(ctx context.Context, in *revokeOwnInput) (*struct{}, error) {
	by := caller.Must(ctx)
	return nil, s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		return s.revoke(ctx, tx, by.User, in.ID)
	})
}

// handleRevokeOthers leaves the caller's own session and its tokens as they are.
func (s *Service) handleRevokeOthers(ctx context.Context, _ *struct{}) (*struct{}, error) {
	by := caller.Must(ctx)
	return nil, s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		if err := holdUser(ctx, tx, by.User); err != nil {
			return err
		}
		return s.revokeAll(ctx, tx, by.User, by.Session)
	})
}

func (s *Service) handleRevoke(ctx context.Context, in *revokeInput) (*struct{}, error) {
	by := caller.Must(ctx)
	return nil, s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		if err := s.mayRevoke(ctx, tx, by, in.ID); err != nil {
			return err
		}
		return s.revoke(ctx, tx, in.ID, in.Session)
	})
}

func (s *Service) handleRevokeAll(ctx context.Context, in *identity.UserPath) (*struct{}, error) {
	by := caller.Must(ctx)
	return nil, s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		if err := s.mayRevoke(ctx, tx, by, in.ID); err != nil {
			return err
		}
		if err := raiseEpoch(ctx, tx, in.ID); err != nil {
			return err
		}
		return s.revokeAll(ctx, tx, in.ID, "")
	})
}
