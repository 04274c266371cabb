package identity

import (
	"context"

	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

// setActive disables or enables a user. It takes no version, so that an emergency never waits, and
// doing it again changes nothing. A disabled user's sessions and links end for good.
func (s *Service) setActive(ctx context.Context, by *caller.Caller, id string, active bool) (User, viewer, error) {
	return s.change(ctx, by, func(tx *store.Tx) (User, error) {
		before, err := mayChange(ctx, tx, by, "user:disable", id)
		if err != nil {
			return User{}, err
		}
		after := before
		after.Active = active
		if before.Active != active {
			after.Version, after.UpdatedAt = before.Version+1, tx.Now
			if err := after.store(ctx, tx); err != nil {
				return User{}, err
			}
		}
		if !active {
			if err := s.revoke(ctx, tx, id, "user_disabled"); err != nil {
				return User{}, err
			}
		}
		noteUser(ctx, before, after)
		return after, s.config.Audit.Append(ctx, tx)
	})
}

// revoke ends everything by which a user could come in, now or once enabled again.
func (s *Service) revoke(ctx context.Context, tx *store.Tx, id, reason string) error {
	if err := voidLinks(ctx, tx, id); err != nil {
		return err
	}
	return s.config.Sessions.EndSessions(ctx, tx, id, "", reason)
}
