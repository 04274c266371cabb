package session

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
)

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

// revoke ends one session of a user, and forgets the browser that it began in. One that has ended
// already stays as it is, and is no error; [store.ErrNotFound] when the user never had it.
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
