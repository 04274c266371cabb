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

// slotColumns take the instant from the parameter of this name.
func slotColumns(now string) string {
	return `
		a.user_id,
		a.status,
		EXISTS (SELECT 1 FROM presences p WHERE p.tenant_id = $1 AND p.user_id = a.user_id AND p.alive_until > ` + now + `),
		a.current_load,
		a.max_load,
		a.last_assigned_at`
}

func scanSlot(r store.Row) (slot, error) {
	var s slot
	var last sql.NullInt64
	err := r.Scan(&s.agent, &s.status, &s.connected, &s.load, &s.limit, &last)
	s.lastAssigned = instant(last)
	return s, err
}

// lockSlots returns the slots of these agents, "" for none, as they stay until the transaction ends. Every
// transaction locks agents in the order of their ids and after all its conversations, so that no two wait for
// each other.
func lockSlots(ctx context.Context, tx *store.Tx, agents ...string) (map[string]slot, error) {
	w := tx.Where("a")
	w.And("a.user_id IN ?", store.Set(agents))
	found, err := store.Collect(ctx, tx, scanSlot, `SELECT`+slotColumns(w.Param(1))+`
		FROM agents a`+w.String()+`
		ORDER BY a.user_id`+forUpdate(tx, "a"), w.Args(tx.Now.UnixMicro())...)
	slots := map[string]slot{}
	for _, s := range found {
		slots[s.agent] = s
	}
	return slots, err
}

// takeSlots counts so many conversations more with each of the agents, whose slots are locked.
func takeSlots(ctx context.Context, tx *store.Tx, n int, agents ...string) error {
	w := tx.Where("agents")
	w.And("agents.user_id IN ?", store.Set(agents))
	return tx.Later(ctx, `
		UPDATE agents
		SET current_load = current_load + `+w.Param(1)+`,
			last_assigned_at = `+w.Param(2)+w.String(), w.Args(n, tx.Now.UnixMicro())...)
}

// freeSlot counts one less.
func freeSlot(ctx context.Context, tx *store.Tx, agent string) error {
	return tx.Later(ctx, `
		UPDATE agents
		SET current_load = current_load - 1
		WHERE tenant_id = $1 AND user_id = $2`, agent)
}

// forgiveUnanswered ends the row of conversations that went back from the agent for want of a first answer.
func forgiveUnanswered(ctx context.Context, tx *store.Tx, agent string) error {
	_, err := tx.Exec(ctx, `
		UPDATE agents
		SET unanswered = 0
		WHERE tenant_id = $1 AND user_id = $2 AND unanswered > 0`, agent)
	return err
}
