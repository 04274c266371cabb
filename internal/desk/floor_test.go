package desk_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/desk"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// floor is the desk of one tenant in a test, with the tables in reach.
type floor struct {
	*servertest.Server
	*servertest.Tenant
	t     testing.TB
	asked int
}

func newFloor(t testing.TB, s *servertest.Server) *floor {
	t.Helper()
	return &floor{Server: s, Tenant: s.NewTenant("acme", "it-desk"), t: t}
}

// exec changes the tables around the program.
func (f *floor) exec(query string, args ...any) {
	f.t.Helper()
	err := f.DB.Write(f.t.Context(), f.ID, func(tx *store.Tx) error {
		_, err := tx.Exec(f.t.Context(), query, args...)
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
}

// one reads a single value.
func one[T any](f *floor, query string, args ...any) (value T) {
	f.t.Helper()
	err := f.DB.Read(f.t.Context(), f.ID, func(tx *store.Tx) error {
		return tx.QueryRow(f.t.Context(), query, args, &value)
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return value
}

// agent makes an agent who is there and has room for so many.
func (f *floor) agent(name string, room int, departments []string, skills ...string) *servertest.User {
	f.t.Helper()
	u := f.NewUserWithoutFactor(name, departments, "agent")
	now := f.DB.Now().UnixMicro()
	f.exec(`
		INSERT INTO agents (tenant_id, user_id, status, status_at, current_load, max_load, unanswered, version, created_at, updated_at)
		VALUES ($1, $2, 'online', $3, 0, $4, 0, 1, $3, $3)`, u.ID, now, room)
	f.exec(`INSERT INTO presences (tenant_id, user_id, source, alive_until) VALUES ($1, $2, 'test', $3)`, u.ID, now+int64(24*time.Hour/time.Microsecond))
	for _, skill := range skills {
		f.exec(`INSERT INTO agent_skills (tenant_id, user_id, skill_id) VALUES ($1, $2, $3)`, u.ID, skill)
	}
	return u
}

// ask queues a conversation that has waited for so long.
func (f *floor) ask(by *servertest.User, skill, department string, waited time.Duration) (id string) {
	f.t.Helper()
	f.asked++
	now := f.DB.Now()
	id = store.NewID(now)
	var skillID, departmentID any
	if skill != "" {
		skillID = skill
	}
	if department != "" {
		departmentID = department
	}
	f.exec(`
		INSERT INTO conversations (tenant_id, id, number, requester_id, created_by, skill_id, department_id, priority, subject, state,
			queued_at, enqueued_at, asked_at, cycle, last_seq, public_seq, version, created_at, updated_at,
			noticed_version, noticed_at)
		VALUES ($1, $2, $3, $4, $4, $5, $6, 0, $7, 'queued', $8, $8, $8, 1, 0, 0, 1, $9, $9, 1, $9)`,
		id, 100_000+f.asked, by.ID, skillID, departmentID, fmt.Sprint("question ", f.asked), now.Add(-waited).UnixMicro(), now.UnixMicro())
	f.exec(`
		INSERT INTO conversation_cycles (tenant_id, conversation_id, cycle, skill_id, department_id, queued_at)
		VALUES ($1, $2, 1, $3, $4, $5)`, id, skillID, departmentID, now.UnixMicro())
	return id
}

func (f *floor) settle() {
	f.t.Helper()
	if err := f.Desk.Settle(f.t.Context(), f.ID); err != nil {
		f.t.Fatal(err)
	}
}

// holder is who holds a conversation; "" for nobody.
func (f *floor) holder(conversation string) string {
	f.t.Helper()
	return one[string](f, `
		SELECT coalesce(c.assignee_id, '')
		FROM conversations c
		WHERE c.tenant_id = $1 AND c.id = $2 AND (c.state IN ('active', 'on_hold') OR c.assignee_id IS NULL)`, conversation)
}

func (f *floor) pass(conversation string) desk.Pass {
	f.t.Helper()
	return desk.Pass(one[string](f, `
		SELECT coalesce(t.pass, '')
		FROM tenures t
		WHERE t.tenant_id = $1 AND t.conversation_id = $2 AND t.ended_at IS NULL`, conversation))
}
