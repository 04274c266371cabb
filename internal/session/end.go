package session

import (
	"context"

	"github.com/usher-desk/usher/internal/store"
)

// Why sessions end, as their rows say. Package identity has further reasons.
const (
	endedSignedOut = "signed_out"
	endedRevoked   = "revoked" // somebody picked it from a list
	endedReuse     = "reuse"   // a used refresh token of it was presented
	endedCrowded   = "crowded" // it made room for another
	endedPassword  = "password_changed"
	endedFactor    = "second_factor_changed"
)

// EndSessions ends the user's sessions, all but the one named except, and makes every access token
// of theirs worthless, that one's included, once the transaction commits. Whoever keeps a session
// must be given a fresh token. reason is a stable code such as user_disabled.
func (s *Service) EndSessions(ctx context.Context, tx *store.Tx, user, except, reason string) error {
	if err := raiseEpoch(ctx, tx, user); err != nil {
		return err
	}
	_, err := s.endAll(ctx, tx, user, except, reason)
	return err
}

// endAll ends the user's sessions, all but one, and sign-ins that wait for the second factor; it
// returns the ids of the sessions. The user's row is held. Whoever ends a session otherwise than by
// signing out does not trust whom it is with: the browsers are known no longer either, or a stolen
// laptop could go on guessing where others are held up.
func (s *Service) endAll(ctx context.Context, tx *store.Tx, user, except, reason string) ([]string, error) {
	if err := voidChallenges(ctx, tx, user); err != nil {
		return nil, err
	}
	ended, err := endSessions(ctx, tx, user, except, reason)
	if err != nil {
		return nil, err
	}
	if err := forgetDevices(ctx, tx, user, except); err != nil {
		return nil, err
	}
	s.forgetAfter(tx, user)
	return ended, nil
}

// EndTenant ends every session of the transaction's tenant, which is being suspended, and every visit.
// The epoch that makes their tokens worthless is the tenant's. reason is a stable code such as
// tenant_suspended.
func (s *Service) EndTenant(ctx context.Context, tx *store.Tx, reason string) error {
	if err := endEverySession(ctx, tx, reason); err != nil {
		return err
	}
	if _, err := endVisits(ctx, tx, "", "", reason); err != nil {
		return err
	}
	s.forgetAfter(tx, "")
	return nil
}
