package desk

import (
	"context"
	"database/sql"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

const waitingColumns = `
		c.id,
		c.number,
		c.version,
		c.lane,
		c.requester_id,
		c.skill_id,
		c.department_id,
		c.priority,
		c.queued_at,
		c.preferred_id,
		c.preferred_until,
		c.last_agent_id,
		(SELECT string_agg(x.agent_id, ',') FROM conversation_exclusions x WHERE x.tenant_id = $1 AND x.conversation_id = c.id)`

func scanWaiting(r store.Row) (*waiting, error) {
	var w waiting
	var skill, department, preferred, last, excluded sql.NullString
	var queued int64
	var until sql.NullInt64
	err := r.Scan(&w.id, &w.number, &w.version, &w.lane, &w.requester, &skill, &department, &w.priority, &queued,
		&preferred, &until, &last, &excluded)
	w.skill, w.department, w.preferred, w.last = skill.String, department.String, preferred.String, last.String
	w.queuedAt, w.until, w.excluded = time.UnixMicro(queued).UTC(), instant(until), listed(excluded)
	return &w, err
}

// readHeads returns the oldest of each lane, however many wait behind it, and what waits for agents who are
// free. The lanes are found by leaping from each to the next.
func readHeads(ctx context.Context, tx *store.Tx) ([]*waiting, error) {
	heads := headsSQLite
	if tx.Dialect() == store.PostgreSQL {
		heads = headsPostgres
	}
	return store.Collect(ctx, tx, scanWaiting, lanes+heads+`
		UNION ALL
		SELECT`+waitingColumns+`
		FROM agents a
		CROSS JOIN conversations c
		WHERE a.tenant_id = $1 AND a.status = 'online' AND a.current_load < a.max_load
			AND c.tenant_id = $1 AND c.state = 'queued' AND c.preferred_id = a.user_id AND c.preferred_until > $2`,
		tx.Now.UnixMicro())
}

const lanes = `
		WITH RECURSIVE lanes (lane) AS (
			SELECT min(c.lane)
			FROM conversations c
			WHERE c.tenant_id = $1 AND c.state = 'queued'
			UNION ALL
			SELECT (SELECT min(c.lane) FROM conversations c WHERE c.tenant_id = $1 AND c.state = 'queued' AND c.lane > l.lane)
			FROM lanes l
			WHERE l.lane IS NOT NULL
		)`

// Both find one head for each lane by one look at the index. SQLite knows no LATERAL, and joins in the order
// written where it says CROSS; PostgreSQL, whose figures of the queue are old when many come at once, would
// rather read the whole queue.
const (
	headsSQLite = `
		SELECT` + waitingColumns + `
		FROM lanes l
		CROSS JOIN conversations c
		WHERE c.tenant_id = $1 AND c.id = (
			SELECT h.id
			FROM conversations h
			WHERE h.tenant_id = $1 AND h.state = 'queued' AND h.lane = l.lane
			ORDER BY h.queued_at, h.number
			LIMIT 1)`
	headsPostgres = `
		SELECT h.*
		FROM lanes l
		CROSS JOIN LATERAL (
			SELECT` + waitingColumns + `
			FROM conversations c
			WHERE c.tenant_id = $1 AND c.state = 'queued' AND c.lane = l.lane
			ORDER BY c.queued_at, c.number
			LIMIT 1) h`
)

// lanePage is how many of a lane are read at a time when those before do not stand for the rest.
const lanePage = 20

// readLanes goes on in the lanes where nothing that was read stands for those behind it, to the first that
// does.
func (s *scene) readLanes(ctx context.Context, tx *store.Tx) error {
	for _, l := range s.lanes {
		for !s.knows(l) {
			page, err := readBehind(ctx, tx, l.last)
			if err != nil {
				return err
			}
			s.extend(l, page, len(page) < lanePage)
		}
	}
	return nil
}

// readBehind returns those of a lane that come next.
func readBehind(ctx context.Context, tx *store.Tx, w *waiting) ([]*waiting, error) {
	return store.Collect(ctx, tx, scanWaiting, `SELECT`+waitingColumns+`
		FROM conversations c
		WHERE c.tenant_id = $1 AND c.state = 'queued' AND c.lane = $2 AND (c.queued_at, c.number) > ($3, $4)
		ORDER BY c.queued_at, c.number
		LIMIT $5`, w.lane, w.queuedAt.UnixMicro(), w.number, lanePage)
}
