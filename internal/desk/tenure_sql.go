package desk

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

var zero time.Time

func insertTenure(ctx context.Context, tx *store.Tx, c *Conversation, how claim, forced bool) error {
	return tx.Later(ctx, `
		INSERT INTO tenures (tenant_id, id, conversation_id, agent_id, how, pass, forced, enqueued_at, started_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		store.NewID(tx.Now), c.ID, how.agent, string(how.how), optional(string(how.pass)), forced,
		c.EnqueuedAt.UnixMicro(), tx.Now.UnixMicro())
}

// closeTenure ends the open tenure of the conversation.
func closeTenure(ctx context.Context, tx *store.Tx, conversation, reason string) error {
	return tx.Later(ctx, `
		UPDATE tenures
		SET ended_at = $3, end_reason = $4
		WHERE tenant_id = $1 AND conversation_id = $2 AND ended_at IS NULL`, conversation, tx.Now.UnixMicro(), reason)
}
