package session

import (
	"context"

	"github.com/usher-desk/usher/internal/store"
)

// sessionsPerUser is how many sessions a user has at most. Nobody has so many browsers: a program that
// signs in for each request would fill the table.
const sessionsPerUser = 50

// makeRoom ends those sessions of the user beyond the limit that were renewed longest ago, and lets go
// of those that ended by themselves so long ago that nobody is warned of them. The user's row is held.
func (s *Service) makeRoom(ctx context.Context, tx *store.Tx, user string) error {
	if err := dropExpired(ctx, tx, user); err != nil {
		return err
	}
	ended, err := endCrowded(ctx, tx, user)
	if err == nil && ended > 0 {
		s.forgetAfter(tx, user)
	}
	return err
}

func endCrowded(ctx context.Context, tx *store.Tx, user string) (int64, error) {
	return tx.Exec(ctx, `
		UPDATE sessions
		SET ended_at = $3, end_reason = $4
		WHERE tenant_id = $1
		  AND user_id = $2
		  AND ended_at IS NULL
		  AND expires_at > $3
		  AND id NOT IN (
			SELECT k.id
			FROM sessions k
			WHERE k.tenant_id = $1
			  AND k.user_id = $2
			  AND k.ended_at IS NULL
			  AND k.expires_at > $3
			ORDER BY k.renewed_at DESC, k.id DESC
			LIMIT $5)`, user, tx.Now.UnixMicro(), endedCrowded, sessionsPerUser)
}

func dropExpired(ctx context.Context, tx *store.Tx, user string) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM sessions
		WHERE tenant_id = $1
		  AND user_id = $2
		  AND expires_at < $3`, user, tx.Now.Add(-reuseShown).UnixMicro())
	return err
}
