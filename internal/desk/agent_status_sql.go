package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/store"
)

// storeStatus writes a status and why the desk set it, "" where somebody did. Absence counts from now on
// where nobody is connected, and begins anew; so do the conversations left unanswered.
func (a Agent) storeStatus(ctx context.Context, tx *store.Tx, status, reason string) error {
	missed := tx.Now
	if status == Offline && a.Load == 0 || a.Connected {
		missed = zero
	}
	_, err := tx.Exec(ctx, `
		UPDATE agents
		SET status = $3,
			status_reason = $4,
			status_at = $5,
			unanswered = 0,
			lost_at = $6
		WHERE tenant_id = $1 AND user_id = $2`,
		a.User.ID, status, optional(reason), tx.Now.UnixMicro(), micros(missed))
	return err
}
