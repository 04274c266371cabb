package desk

import (
	"context"
	"database/sql"
	"strings"

	"github.com/usher-desk/usher/internal/store"
)

// candidateColumns follow [slotColumns].
var candidateColumns = slotColumns("$2") + `,
		(SELECT string_agg(k.skill_id, ',') FROM agent_skills k WHERE k.tenant_id = $1 AND k.user_id = a.user_id)`

func scanCandidate(r store.Row) (*candidate, error) {
	var c candidate
	var last sql.NullInt64
	var skills sql.NullString
	err := r.Scan(&c.agent, &c.status, &c.connected, &c.load, &c.limit, &last, &skills)
	c.lastAssigned, c.skills = instant(last), listed(skills)
	return &c, err
}

// listed takes a list of ids apart.
func listed(ids sql.NullString) []string {
	if !ids.Valid {
		return nil
	}
	return strings.Split(ids.String, ",")
}

// readReady returns the agents who can be given something now, and those full ones for whom something
// waits.
func readReady(ctx context.Context, tx *store.Tx) ([]*candidate, error) {
	return store.Collect(ctx, tx, scanCandidate, `SELECT`+candidateColumns+`
		FROM agents a
		WHERE a.tenant_id = $1 AND a.status = 'online'
			AND EXISTS (SELECT 1 FROM presences p WHERE p.tenant_id = $1 AND p.user_id = a.user_id AND p.alive_until > $2)
			AND (a.current_load < a.max_load OR (
				SELECT min(c.number) FROM conversations c
				WHERE c.tenant_id = $1 AND c.state = 'queued' AND c.preferred_id = a.user_id AND c.preferred_until > $2) IS NOT NULL)`,
		tx.Now.UnixMicro())
}

// readCandidates returns all agents of the tenant by id, ready or not.
func readCandidates(ctx context.Context, tx *store.Tx) ([]*candidate, error) {
	return store.Collect(ctx, tx, scanCandidate, `SELECT`+candidateColumns+`
		FROM agents a
		WHERE a.tenant_id = $1
		ORDER BY a.user_id`, tx.Now.UnixMicro())
}
