package session

import (
	"context"
	"slices"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// The methods that a session was begun with (RFC 8176, section 2). A recovery code is a one-time
// password like that of an authenticator.
const (
	amrPassword = "pwd"
	amrFactor   = "otp"
)

// factorAt is when a session last showed a second factor; zero when it never has. The time of
// authentication is that of the factor wherever there is one.
func factorAt(amr []string, authTime time.Time) time.Time {
	if !slices.Contains(amr, amrFactor) {
		return time.Time{}
	}
	return authTime
}

func (r row) factorAt() time.Time { return factorAt(r.amr, r.authTime) }

// showFactor notes that the session's user has just shown a second factor.
func (r *row) showFactor(ctx context.Context, tx *store.Tx) error {
	if !slices.Contains(r.amr, amrFactor) {
		r.amr = append(r.amr, amrFactor)
	}
	r.authTime = tx.Now
	return updateProof(ctx, tx, *r)
}
