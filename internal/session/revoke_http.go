package session

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
)

type revokeOwnInput struct {
	ID string `path:"id" maxLength:"64"`
}

type revokeInput struct {
	identity.UserPath
	Session string `path:"sid" maxLength:"64"`
}

// endedRevoked is why a session ended that somebody picked from a list.
const endedRevoked = "revoked"

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

// mayRevoke decides by who caller and user are now. Sessions of somebody stronger are out of reach.
func (s *Service) mayRevoke(ctx context.Context, tx *store.Tx, by *caller.Caller, user string) error {
	if err := s.config.Policy.Hold(ctx, tx, by); err != nil {
		return err
	}
	if err := may(ctx, tx, by, "session:revoke", user); err != nil {
		return err
	}
	return policy.MayTouch(by, user)
}

// revoke ends one session of a user, and forgets the browser that it began in. One that has ended already stays as it is, and is no error;
// [store.ErrNotFound] when the user never had it.
func (s *Service) revoke(ctx context.Context, tx *store.Tx, user, id string) error {
	if err := endSessionOf(ctx, tx, user, id, endedRevoked); err != nil {
		return err
	}
	if err := forgetDeviceOf(ctx, tx, user, id); err != nil {
		return err
	}
	s.forgetAfter(tx, user)
	return s.recordRevoked(ctx, tx, user, id)
}

// revokeAll ends the sessions of a user, whose row is held, all but one.
func (s *Service) revokeAll(ctx context.Context, tx *store.Tx, user, except string) error {
	ended, err := s.endAll(ctx, tx, user, except, endedRevoked)
	if err != nil {
		return err
	}
	return s.recordRevoked(ctx, tx, user, ended...)
}

func (s *Service) recordRevoked(ctx context.Context, tx *store.Tx, user string, sessions ...string) error {
	api.Touched(ctx, "user", user)
	for _, id := range sessions {
		api.Touched(ctx, "session", id)
	}
	api.Counted(ctx, len(sessions))
	return s.config.Audit.Append(ctx, tx)
}
