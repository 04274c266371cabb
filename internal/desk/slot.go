package desk

import (
	"context"
	"database/sql"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// slot is the room that an agent has for one more conversation, as far as assignment looks at it.
type slot struct {
	agent        string
	status       string
	connected    bool // a connection of theirs is alive
	load, limit  int
	lastAssigned time.Time
}

func (s slot) free() bool { return s.load < s.limit }

const slotColumns = `
		a.user_id,
		a.status,
		EXISTS (SELECT 1 FROM presences p WHERE p.tenant_id = $1 AND p.user_id = a.user_id AND p.alive_until > $2),
		a.current_load,
		a.max_load,
		a.last_assigned_at`

func scanSlot(r store.Row) (slot, error) {
	var s slot
	var last sql.NullInt64
	err := r.Scan(&s.agent, &s.status, &s.connected, &s.load, &s.limit, &last)
	s.lastAssigned = instant(last)
	return s, err
}

// lockSlots returns the slots of these agents, "" for none, as they stay until the transaction ends. Every
// transaction locks agents in the order of their ids and after the conversation, so that no two wait for
// each other.
func lockSlots(ctx context.Context, tx *store.Tx, agents ...string) (map[string]slot, error) {
	found, err := store.Collect(ctx, tx, scanSlot, `SELECT`+slotColumns+`
		FROM agents a
		WHERE a.tenant_id = $1 AND a.user_id IN ($3, $4)
		ORDER BY a.user_id`+forUpdate(tx, "a"), tx.Now.UnixMicro(), agents[0], agents[len(agents)-1])
	slots := map[string]slot{}
	for _, s := range found {
		slots[s.agent] = s
	}
	return slots, err
}

// takeSlot counts one more conversation with the agent, within the limit unless it may be exceeded.
func takeSlot(ctx context.Context, tx *store.Tx, agent string, beyond bool) (taken bool, err error) {
	n, err := tx.Exec(ctx, `
		UPDATE agents
		SET current_load = current_load + 1,
			last_assigned_at = $3
		WHERE tenant_id = $1 AND user_id = $2 AND (current_load < max_load OR $4)`, agent, tx.Now.UnixMicro(), beyond)
	return n == 1, err
}

// freeSlot counts one less.
func freeSlot(ctx context.Context, tx *store.Tx, agent string) error {
	_, err := tx.Exec(ctx, `
		UPDATE agents
		SET current_load = current_load - 1
		WHERE tenant_id = $1 AND user_id = $2`, agent)
	return err
}

// forgiveUnanswered ends the row of conversations that went back from the agent for want of a first answer.
func forgiveUnanswered(ctx context.Context, tx *store.Tx, agent string) error {
	_, err := tx.Exec(ctx, `
		UPDATE agents
		SET unanswered = 0
		WHERE tenant_id = $1 AND user_id = $2 AND unanswered > 0`, agent)
	return err
}
