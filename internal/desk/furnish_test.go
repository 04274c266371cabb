package desk_test

import (
	"database/sql"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// write changes a tenant's rows around the program.
func write(t *testing.T, s *servertest.Server, tenant string, f func(tx *store.Tx) error) {
	t.Helper()
	if err := s.DB.Write(t.Context(), tenant, f); err != nil {
		t.Fatal(err)
	}
}

// insertAgent makes a user an agent who is offline, with these skills.
func insertAgent(t *testing.T, s *servertest.Server, tenant, user string, skills ...string) {
	t.Helper()
	write(t, s, tenant, func(tx *store.Tx) error {
		_, err := tx.Exec(t.Context(), `
			INSERT INTO agents (tenant_id, user_id, status, status_at, current_load, max_load, unanswered, version, created_at, updated_at)
			VALUES ($1, $2, 'offline', 0, 0, 5, 0, 1, 0, 0)`, user)
		for _, skill := range skills {
			if err == nil {
				_, err = tx.Exec(t.Context(), `INSERT INTO agent_skills (tenant_id, user_id, skill_id) VALUES ($1, $2, $3)`, user, skill)
			}
		}
		return err
	})
}

// ask makes a conversation that waits, and returns its id.
func ask(t *testing.T, s *servertest.Server, tenant, requester, skill, department string) (id string) {
	t.Helper()
	optional := func(text string) sql.NullString { return sql.NullString{String: text, Valid: text != ""} }
	write(t, s, tenant, func(tx *store.Tx) error {
		id = store.NewID(tx.Now)
		_, err := tx.Exec(t.Context(), `
			INSERT INTO conversations (tenant_id, id, number, requester_id, created_by, skill_id, department_id, priority, subject, state,
				queued_at, enqueued_at, asked_at, cycle, last_seq, public_seq, version, created_at, updated_at,
				noticed_version, noticed_at)
			SELECT $1, $2, p.last + 1, $3, $3, $4, $5, 0, 'help', 'queued', $6, $6, $6, 1, 0, 0, 1, $6, $6, 1, $6
			FROM desk_positions p
			WHERE p.tenant_id = $1 AND p.stream = 'number'`, id, requester, optional(skill), optional(department), tx.Now.UnixMicro())
		if err == nil {
			_, err = tx.Exec(t.Context(), `UPDATE desk_positions SET last = last + 1 WHERE tenant_id = $1 AND stream = 'number'`)
		}
		return err
	})
	return id
}
