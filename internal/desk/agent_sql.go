package desk

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// agentColumns ask who is connected at the instant that the next parameter says.
func agentColumns(now string) string {
	return `
		a.user_id,
		u.name,
		a.status,
		a.status_reason,
		a.status_at,
		a.current_load,
		a.max_load,
		a.last_assigned_at,
		EXISTS (SELECT 1 FROM presences p WHERE p.tenant_id = $1 AND p.user_id = a.user_id AND p.alive_until > ` + now + `),
		a.version,
		a.created_at,
		a.updated_at
		FROM agents a
		JOIN users u ON u.tenant_id = $1 AND u.id = a.user_id`
}

// agentCoverage is the SQL face of Agent.object.
var agentCoverage = store.Coverage{Owner: "a.user_id = ?", Department: agentInDepartments}

// agentInDepartments is true for agents of the departments ?, a [store.Set].
const agentInDepartments = `EXISTS (
			SELECT 1
			FROM user_departments m
			WHERE m.tenant_id = $1 AND m.user_id = a.user_id AND m.department_id IN ?)`

// findAgent returns [store.ErrNotFound] for a user who is no agent.
func findAgent(ctx context.Context, tx *store.Tx, user string) (Agent, error) {
	return readAgent(ctx, tx, user, "")
}

// lockAgent is findAgent, and nobody else changes the agent until the transaction ends.
func lockAgent(ctx context.Context, tx *store.Tx, user string) (Agent, error) {
	return readAgent(ctx, tx, user, forUpdate(tx, "a"))
}

func readAgent(ctx context.Context, tx *store.Tx, user, ending string) (Agent, error) {
	a, err := store.One(ctx, tx, scanAgent, `SELECT`+agentColumns("$3")+`
		WHERE a.tenant_id = $1 AND a.user_id = $2`+ending, user, tx.Now.UnixMicro())
	if err != nil {
		return Agent{}, err
	}
	one := []Agent{a}
	err = addBelongings(ctx, tx, one)
	return one[0], err
}

// prospect is a user who is no agent, as the agent that they would be; [store.ErrNotFound] when there is no
// such user. The id is there also then.
func prospect(ctx context.Context, tx *store.Tx, user string) (Agent, error) {
	a := []Agent{{User: named{ID: user}, Status: Offline, StatusAt: tx.Now, MaxLoad: defaultMaxLoad, CreatedAt: tx.Now, UpdatedAt: tx.Now}}
	err := tx.QueryRow(ctx, `
		SELECT u.name, EXISTS (SELECT 1 FROM presences p WHERE p.tenant_id = $1 AND p.user_id = u.id AND p.alive_until > $3)
		FROM users u
		WHERE u.tenant_id = $1 AND u.id = $2`, []any{user, tx.Now.UnixMicro()}, &a[0].User.Name, &a[0].Connected)
	if err == nil {
		err = addBelongings(ctx, tx, a)
	}
	return a[0], err
}

func scanAgent(r store.Row) (Agent, error) {
	var a Agent
	var reason sql.NullString
	var last sql.NullInt64
	var at, created, updated int64
	err := r.Scan(&a.User.ID, &a.User.Name, &a.Status, &reason, &at, &a.Load, &a.MaxLoad, &last, &a.Connected, &a.Version, &created, &updated)
	a.StatusReason, a.LastAssignedAt, a.StatusAt = reason.String, instant(last), time.UnixMicro(at).UTC()
	a.CreatedAt, a.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	return a, err
}

// addBelongings fills in the departments and skills of agents just read.
func addBelongings(ctx context.Context, tx *store.Tx, agents []Agent) error {
	err := addNamed(ctx, tx, agents, `
		SELECT m.user_id, d.id, d.name
		FROM user_departments m
		JOIN departments d ON d.tenant_id = $1 AND d.id = m.department_id`, `
		ORDER BY m.user_id, d.name_key, d.id`, func(a *Agent) *[]named { return &a.Departments })
	if err != nil {
		return err
	}
	return addNamed(ctx, tx, agents, `
		SELECT m.user_id, k.id, k.name
		FROM agent_skills m
		JOIN skills k ON k.tenant_id = $1 AND k.id = m.skill_id`, `
		ORDER BY m.user_id, k.place, k.name_key, k.id`, func(a *Agent) *[]named { return &a.Skills })
}

// addNamed appends to a list of each agent what a query about m finds for them.
func addNamed(ctx context.Context, tx *store.Tx, agents []Agent, query, order string, list func(*Agent) *[]named) error {
	at := map[string]*[]named{}
	var ids store.Set
	for i := range agents {
		at[agents[i].User.ID] = list(&agents[i])
		ids = append(ids, agents[i].User.ID)
	}
	w := tx.Where("m")
	w.And("m.user_id IN ?", ids)
	rows, err := tx.Query(ctx, query+w.String()+order, w.Args()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var user string
		var n named
		if err := rows.Scan(&user, &n.ID, &n.Name); err != nil {
			return err
		}
		*at[user] = append(*at[user], n)
	}
	return rows.Err()
}

// insert adds the agent's row and reports whether there was none.
func (a Agent) insert(ctx context.Context, tx *store.Tx) (isNew bool, err error) {
	n, err := tx.Exec(ctx, `
		INSERT INTO agents (tenant_id, user_id, status, status_at, current_load, max_load, unanswered, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, 0, $5, 0, 1, $4, $4)
		ON CONFLICT DO NOTHING`, a.User.ID, a.Status, tx.Now.UnixMicro(), a.MaxLoad)
	return n == 1, err
}

// storeLimits writes the limits over the version before the agent's own.
func (a Agent) storeLimits(ctx context.Context, tx *store.Tx) error {
	n, err := tx.Exec(ctx, `
		UPDATE agents
		SET max_load = $3,
			version = $4,
			updated_at = $5
		WHERE tenant_id = $1 AND user_id = $2 AND version = $4 - 1`, a.User.ID, a.MaxLoad, a.Version, a.UpdatedAt.UnixMicro())
	if err == nil && n != 1 {
		err = api.Stale(0)
	}
	return err
}

// setSkills makes these the skills of an agent.
func (a Agent) setSkills(ctx context.Context, tx *store.Tx, skills []string) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM agent_skills
		WHERE tenant_id = $1 AND user_id = $2`, a.User.ID)
	if err != nil {
		return err
	}
	for i, skill := range skills {
		_, err := tx.Exec(ctx, `
			INSERT INTO agent_skills (tenant_id, user_id, skill_id)
			VALUES ($1, $2, $3)
			ON CONFLICT DO NOTHING`, a.User.ID, skill)
		if errors.Is(err, store.ErrReference) {
			return fault.ErrInvalid.At(fmt.Sprintf("body.skill_tags[%d]", i), "there is no such skill")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (a Agent) delete(ctx context.Context, tx *store.Tx) error {
	n, err := tx.Exec(ctx, `
		DELETE FROM agents
		WHERE tenant_id = $1 AND user_id = $2 AND version = $3`, a.User.ID, a.Version)
	if err == nil && n != 1 {
		err = api.Stale(0)
	}
	return err
}
