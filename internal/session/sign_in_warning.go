package session

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// warningsReach is how far back somebody is warned who signs in with a browser that is new.
const warningsReach = 30 * 24 * time.Hour

// warned adds how many lines of the sign-in log warn the user of something since an instant: they are
// about a burst of failures, or a sign-in with another browser that was new.
func (i issued) warned(ctx context.Context, tx *store.Tx, since time.Time) (issued, error) {
	err := tx.QueryRow(ctx, `
		SELECT count(*)
		FROM sign_ins l
		WHERE l.tenant_id = $1
		  AND l.user_id = $2
		  AND l.time > $3
		  AND (l.new_device OR l.burst)`, []any{i.caller.User, since.UnixMicro()}, &i.warnings)
	return i, err
}

// lastWarned is until when a user has been warned who now signs in with the browser.
func (b knownBrowser) lastWarned(now time.Time) time.Time {
	if b.isNew {
		return now.Add(-warningsReach)
	}
	return b.lastSeen
}
