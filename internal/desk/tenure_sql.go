package desk

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

var zero time.Time

var tenureRows = store.Insert{Table: "tenures", Columns: "id, conversation_id, agent_id, how, pass, forced, enqueued_at, started_at"}

func (e *edit) insertTenure(ctx context.Context, c claim, forced bool) error {
	return e.insert(ctx, tenureRows,
		store.NewID(e.tx.Now), e.now.ID, c.agent, string(c.how), optional(string(c.pass)), forced,
		e.now.EnqueuedAt.UnixMicro(), e.tx.Now.UnixMicro())
}

// closeTenure ends the open tenure of the conversation.
func closeTenure(ctx context.Context, tx *store.Tx, conversation, reason string) error {
	return tx.Later(ctx, `
		UPDATE tenures
		SET ended_at = $3, end_reason = $4
		WHERE tenant_id = $1 AND conversation_id = $2 AND ended_at IS NULL`, conversation, tx.Now.UnixMicro(), reason)
}
