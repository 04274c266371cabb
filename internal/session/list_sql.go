package session

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// sessionsOf reads a user's sessions that have not ended, newest first, from where a page before has
// ended.
func sessionsOf(ctx context.Context, tx *store.Tx, user string, after []string, limit int) ([]row, error) {
	w := tx.Where("s")
	w.And("s.user_id = ?", user)
	w.And("s.ended_at IS NULL")
	w.And("s.expires_at > ?", tx.Now.UnixMicro())
	if len(after) == 1 {
		w.And("s.id < ?", after[0])
	}
	return store.Collect(ctx, tx, scanSession, `SELECT`+sessionColumns+`
		FROM sessions s`+w.String()+`
		ORDER BY s.id DESC
		LIMIT `+w.First(limit), w.Args()...)
}

// reusedSession is one that ended because a used refresh token of it was presented.
type reusedSession struct {
	row
	endedAt time.Time
}

// reusesOf reads the latest of a user since an instant, newest first.
func reusesOf(ctx context.Context, tx *store.Tx, user string, since time.Time) ([]reusedSession, error) {
	return store.Collect(ctx, tx, scanReused, `
		SELECT
			s.id,
			s.address,
			s.user_agent,
			s.ended_at
		FROM sessions s
		WHERE s.tenant_id = $1
		  AND s.user_id = $2
		  AND s.end_reason = $3
		  AND s.ended_at > $4
		ORDER BY s.ended_at DESC, s.id DESC
		LIMIT 20`, user, endedReuse, since.UnixMicro())
}

func scanReused(r store.Row) (reusedSession, error) {
	var s reusedSession
	var ended int64
	err := r.Scan(&s.id, &s.from.address, &s.from.userAgent, &ended)
	s.endedAt = time.UnixMicro(ended).UTC()
	return s, err
}
