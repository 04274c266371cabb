package desk

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// readAgents reads the agents by name, with their skills, their departments and who waits for them. Users
// who are disabled are no agents any more.
func (f *figures) readAgents(ctx context.Context, tx *store.Tx) (err error) {
	f.agents, err = store.Collect(ctx, tx, scanBoardAgent, `SELECT`+slotColumns("$2")+`,
			u.name,
			a.status_at
		FROM agents a
		JOIN users u ON u.tenant_id = $1 AND u.id = a.user_id
		WHERE a.tenant_id = $1 AND u.active
		ORDER BY u.name_key, u.id`, tx.Now.UnixMicro())
	if err != nil {
		return err
	}
	byID := make(map[string]*boardAgent, len(f.agents))
	for i := range f.agents {
		byID[f.agents[i].ID] = &f.agents[i]
	}
	err = eachOf(ctx, tx, byID, func(a *boardAgent, skill string) { a.skills = append(a.skills, skill) }, `
		SELECT k.user_id, k.skill_id
		FROM agent_skills k
		WHERE k.tenant_id = $1`)
	if err != nil {
		return err
	}
	err = eachOf(ctx, tx, byID, func(a *boardAgent, department string) { a.departments = append(a.departments, department) }, `
		SELECT m.user_id, m.department_id
		FROM agents a
		JOIN user_departments m ON m.tenant_id = $1 AND m.user_id = a.user_id
		WHERE a.tenant_id = $1`)
	if err != nil {
		return err
	}
	return eachOf(ctx, tx, byID, func(a *boardAgent, asked int64) { a.unanswered = time.UnixMicro(asked).UTC() }, `
		SELECT c.assignee_id, min(c.asked_at)
		FROM conversations c
		WHERE c.tenant_id = $1 AND c.state IN ('active', 'on_hold') AND (c.answered_at IS NULL OR c.answered_at < c.asked_at)
		GROUP BY c.assignee_id`)
}

func scanBoardAgent(r store.Row) (boardAgent, error) {
	var a boardAgent
	var at int64
	s, err := scanSlot(withMore{r, []any{&a.Name, &at}})
	a.slot, a.ID, a.statusAt = s, s.agent, time.UnixMicro(at).UTC()
	return a, err
}

// withMore scans further columns after those that somebody else knows.
type withMore struct {
	store.Row
	dest []any
}

func (m withMore) Scan(dest ...any) error { return m.Row.Scan(append(dest, m.dest...)...) }

// eachOf runs a query for pairs of an agent and something of theirs.
func eachOf[T any](ctx context.Context, tx *store.Tx, agents map[string]*boardAgent, add func(*boardAgent, T), query string) error {
	rows, err := tx.Query(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var agent string
		var value T
		if err := rows.Scan(&agent, &value); err != nil {
			return err
		}
		if a := agents[agent]; a != nil {
			add(a, value)
		}
	}
	return rows.Err()
}
