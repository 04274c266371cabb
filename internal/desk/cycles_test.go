package desk_test

import (
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// cycle is a row that reports count.
type cycle struct {
	conversation             int // of those of the history
	number                   int
	skill, department        string
	first, answering, last   string // agents
	queued                   time.Time
	assigned, answered, over time.Duration // after that; 0 for never
	end                      string        // resolved or abandoned; "" for neither
	rating                   int           // 0 for none
}

// history is the past of a tenant, written around the program.
type history struct {
	s             *servertest.Server
	tenant        string
	conversations []string
}

// newHistory makes conversations that cycles can be written for.
func newHistory(t *testing.T, s *servertest.Server, tenant, requester string, n int) *history {
	h := &history{s: s, tenant: tenant}
	for range n {
		h.conversations = append(h.conversations, ask(t, s, tenant, requester, "", ""))
	}
	return h
}

// rewrite has these cycles be all that there are.
func (h *history) rewrite(t *testing.T, cycles []cycle) {
	t.Helper()
	write(t, h.s, h.tenant, func(tx *store.Tx) error {
		if _, err := tx.Exec(t.Context(), `DELETE FROM conversation_cycles WHERE tenant_id = $1`); err != nil {
			return err
		}
		for _, c := range cycles {
			if err := h.insert(t, tx, c); err != nil {
				return fmt.Errorf("%+v: %w", c, err)
			}
		}
		return nil
	})
}

func (h *history) insert(t *testing.T, tx *store.Tx, c cycle) error {
	text := func(s string) sql.NullString { return sql.NullString{String: s, Valid: s != ""} }
	after := func(d time.Duration) sql.NullInt64 {
		return sql.NullInt64{Int64: c.queued.Add(d).UnixMicro(), Valid: d != 0}
	}
	_, err := tx.Exec(t.Context(), `
		INSERT INTO conversation_cycles (tenant_id, conversation_id, cycle, skill_id, department_id, agent_id, first_agent_id, answered_by,
			queued_at, assigned_at, answered_at, ended_at, end_state, rating)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		h.conversations[c.conversation], c.number, text(c.skill), text(c.department), text(c.last), text(c.first), text(c.answering),
		c.queued.UnixMicro(), after(c.assigned), after(c.answered), after(c.over), text(c.end),
		sql.NullInt64{Int64: int64(c.rating), Valid: c.rating != 0})
	return err
}
