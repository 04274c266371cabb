package desk

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
)

// turn is the position that counts the turns of dispatch. Its row is locked by whoever has one: two nodes
// that dispatch for a tenant do it one after the other. Nobody else waits for it, so that its holder may
// wait for everybody.
const turn = "dispatch"

// readScene reads what the next choices depend on. Nothing of it is locked: giving looks again.
func (s *Service) readScene(ctx context.Context, tx *store.Tx) (*scene, error) {
	sc, err := s.emptyScene(ctx, tx)
	if err != nil {
		return nil, err
	}
	if sc.agents, err = readReady(ctx, tx); err != nil {
		return nil, err
	}
	heads, err := readHeads(ctx, tx)
	if err != nil {
		return nil, err
	}
	sc.begin(heads)
	return sc, nil
}

// emptyScene is one without agents and without a queue.
func (s *Service) emptyScene(ctx context.Context, tx *store.Tx) (*scene, error) {
	settings, err := loadSettings(ctx, tx)
	if err != nil {
		return nil, err
	}
	sc := &scene{
		now: tx.Now, reserve: settings.Reserve, gone: map[string]bool{},
		usual: patience{Ages: settings.Ages},
	}
	if sc.skills, err = readPatience(ctx, tx, sc.usual); err != nil {
		return nil, err
	}
	compiled, err := s.policySeen(ctx, tx)
	if err != nil {
		return nil, err
	}
	sc.fits = workplaces(compiled)
	sc.mayHold = func(agent string, w *waiting) bool {
		c := Conversation{ID: w.id, Requester: w.requester, Department: w.department}
		return mayHold(compiled, &c, agent, tx)
	}
	return sc, nil
}

// workplaces tells who works in which department or below it. What it finds out it keeps.
func workplaces(compiled *policy.Compiled) func(agent, department string) bool {
	reaches, places := map[string][]string{}, map[string][]string{}
	return func(agent, department string) bool {
		reach, known := reaches[department]
		if !known {
			reach = compiled.Reach([]string{department})
			reaches[department] = reach
		}
		own, known := places[agent]
		if !known {
			subject, _ := compiled.Subject(agent)
			own = subject.User().Departments
			places[agent] = own
		}
		return slices.ContainsFunc(own, func(d string) bool {
			_, found := slices.BinarySearch(reach, d)
			return found
		})
	}
}

// readPatience returns the patience of every skill; what it leaves open is the usual.
func readPatience(ctx context.Context, tx *store.Tx, usual patience) (map[string]patience, error) {
	skills := map[string]patience{}
	return skills, each(ctx, tx, func(r store.Row) error {
		var id string
		var fallback sql.NullString
		var relax, overflow, open sql.NullInt64
		err := r.Scan(&id, &fallback, &relax, &overflow, &open)
		p := usual
		p.fallback = fallback.String
		for own, field := range map[*sql.NullInt64]*time.Duration{&relax: &p.Relax, &overflow: &p.Overflow, &open: &p.Open} {
			if own.Valid {
				*field = time.Duration(own.Int64) * time.Second
			}
		}
		skills[id] = p
		return err
	}, `
		SELECT k.id, k.fallback_department_id, k.relax_seconds, k.overflow_seconds, k.open_seconds
		FROM skills k
		WHERE k.tenant_id = $1`)
}

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

// plan chooses who is to be given what, one after the other, each as if those before had been given already.
func (s *scene) plan(ctx context.Context, tx *store.Tx, most int) (plan []choice, err error) {
	for len(plan) < most {
		if err := s.readLanes(ctx, tx); err != nil {
			return nil, err
		}
		c, found := s.choose()
		if !found {
			break
		}
		s.given(c)
		plan = append(plan, c)
	}
	return plan, nil
}

// readBehind returns those of a lane that come next.
func readBehind(ctx context.Context, tx *store.Tx, w *waiting) ([]*waiting, error) {
	return store.Collect(ctx, tx, scanWaiting, `SELECT`+waitingColumns+`
		FROM conversations c
		WHERE c.tenant_id = $1 AND c.state = 'queued' AND c.lane = $2 AND (c.queued_at, c.number) > ($3, $4)
		ORDER BY c.queued_at, c.number
		LIMIT $5`, w.lane, w.queuedAt.UnixMicro(), w.number, lanePage)
}

// somethingWaits tells whether anything is queued while anybody is free: whether it is worth a turn.
func somethingWaits(ctx context.Context, tx *store.Tx) (waits bool, err error) {
	err = tx.QueryRow(ctx, `
		SELECT EXISTS (SELECT 1 FROM conversations c WHERE c.tenant_id = $1 AND c.state = 'queued')
			AND EXISTS (
				SELECT 1 FROM agents a
				WHERE a.tenant_id = $1 AND a.status = 'online' AND a.current_load < a.max_load AND EXISTS (
					SELECT 1 FROM presences p WHERE p.tenant_id = $1 AND p.user_id = a.user_id AND p.alive_until > $2))`,
		[]any{tx.Now.UnixMicro()}, &waits)
	return waits, err
}
