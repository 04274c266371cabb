package desk_test

import (
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// world is everything of one tenant that the invariants are about, as it stands at one instant.
type world struct {
	now           time.Time
	conversations map[string]*worldConversation
	agents        map[string]*worldAgent
	tenures       []worldTenure // by conversation, then in order
	excluded      map[[2]string]bool
	departments   map[string][]string // of users
	events        []int64
	lines         map[string]int // system lines by code
	records       map[string]int // audit records by event
	requeued      map[string]int // lines that tell of a return, by reason
}

type worldConversation struct {
	id, state, requester, skill, department, assignee, preferred, last string
	number, priority, queued, until, version                           int64
	lastSeq, publicSeq, messages, public, maxSeq, maxPublic            int64
}

type worldAgent struct {
	id, status  string
	connected   bool
	load, limit int
	skills      map[string]bool
}

type worldTenure struct {
	id, conversation, agent, how, pass, reason string
	forced                                     bool
	started, ended                             int64 // 0: it goes on
}

// see reads the world of a tenant.
func see(t testing.TB, s *servertest.Server, tenant string) *world {
	t.Helper()
	w := &world{}
	err := s.DB.Read(t.Context(), tenant, func(tx *store.Tx) error {
		*w = world{
			now: tx.Now, conversations: map[string]*worldConversation{}, agents: map[string]*worldAgent{}, excluded: map[[2]string]bool{},
			departments: map[string][]string{}, lines: map[string]int{}, records: map[string]int{}, requeued: map[string]int{},
		}
		for _, read := range []func(testing.TB, *store.Tx) error{w.readConversations, w.readAgents, w.readTenures, w.readRest} {
			if err := read(t, tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) readConversations(t testing.TB, tx *store.Tx) error {
	return rows(t, tx, func(r store.Row) error {
		var c worldConversation
		err := r.Scan(&c.id, &c.state, &c.requester, &c.skill, &c.department, &c.assignee, &c.preferred, &c.last, &c.number, &c.priority, &c.queued, &c.until,
			&c.version, &c.lastSeq, &c.publicSeq, &c.messages, &c.public, &c.maxSeq, &c.maxPublic)
		w.conversations[c.id] = &c
		return err
	}, `
		SELECT c.id, c.state, c.requester_id, coalesce(c.skill_id, ''), coalesce(c.department_id, ''), coalesce(c.assignee_id, ''),
			coalesce(c.preferred_id, ''), coalesce(c.last_agent_id, ''), c.number, c.priority, c.queued_at, coalesce(c.preferred_until, 0), c.version, c.last_seq, c.public_seq,
			m.messages, m.public, m.max_seq, m.max_public
		FROM conversations c
		JOIN (
			SELECT m.conversation_id, count(*) AS messages, count(m.public_seq) AS public, max(m.seq) AS max_seq,
				coalesce(max(m.public_seq), 0) AS max_public
			FROM messages m
			WHERE m.tenant_id = $1
			GROUP BY m.conversation_id) m ON m.conversation_id = c.id
		WHERE c.tenant_id = $1`)
}

func (w *world) readAgents(t testing.TB, tx *store.Tx) error {
	err := rows(t, tx, func(r store.Row) error {
		a := worldAgent{skills: map[string]bool{}}
		err := r.Scan(&a.id, &a.status, &a.connected, &a.load, &a.limit)
		w.agents[a.id] = &a
		return err
	}, `
		SELECT a.user_id, a.status, EXISTS (
			SELECT 1 FROM presences p WHERE p.tenant_id = $1 AND p.user_id = a.user_id AND p.alive_until > $2), a.current_load, a.max_load
		FROM agents a
		WHERE a.tenant_id = $1`, w.now.UnixMicro())
	if err != nil {
		return err
	}
	err = rows(t, tx, func(r store.Row) error {
		var agent, skill string
		err := r.Scan(&agent, &skill)
		w.agents[agent].skills[skill] = true
		return err
	}, `SELECT k.user_id, k.skill_id FROM agent_skills k WHERE k.tenant_id = $1`)
	if err != nil {
		return err
	}
	return rows(t, tx, func(r store.Row) error {
		var user, department string
		err := r.Scan(&user, &department)
		w.departments[user] = append(w.departments[user], department)
		return err
	}, `SELECT m.user_id, m.department_id FROM user_departments m WHERE m.tenant_id = $1`)
}

func (w *world) readTenures(t testing.TB, tx *store.Tx) error {
	return rows(t, tx, func(r store.Row) error {
		var x worldTenure
		err := r.Scan(&x.id, &x.conversation, &x.agent, &x.how, &x.pass, &x.reason, &x.forced, &x.started, &x.ended)
		w.tenures = append(w.tenures, x)
		return err
	}, `
		SELECT t.id, t.conversation_id, t.agent_id, t.how, coalesce(t.pass, ''), coalesce(t.end_reason, ''), t.forced, t.started_at,
			coalesce(t.ended_at, 0)
		FROM tenures t
		WHERE t.tenant_id = $1
		ORDER BY t.conversation_id, t.started_at, t.ended_at IS NULL, t.ended_at, t.id`)
}

func (w *world) readRest(t testing.TB, tx *store.Tx) error {
	count := func(into map[string]int) func(r store.Row) error {
		return func(r store.Row) error {
			var what string
			var n int
			err := r.Scan(&what, &n)
			into[what] = n
			return err
		}
	}
	for query, scan := range map[string]func(r store.Row) error{
		`SELECT x.conversation_id, x.agent_id FROM conversation_exclusions x WHERE x.tenant_id = $1`: func(r store.Row) error {
			var pair [2]string
			err := r.Scan(&pair[0], &pair[1])
			w.excluded[pair] = true
			return err
		},
		`SELECT e.seq FROM desk_events e WHERE e.tenant_id = $1 ORDER BY e.seq`: func(r store.Row) error {
			var seq int64
			err := r.Scan(&seq)
			w.events = append(w.events, seq)
			return err
		},
		`SELECT m.body, count(*) FROM messages m WHERE m.tenant_id = $1 AND m.kind = 'system' GROUP BY m.body`:                               count(w.lines),
		`SELECT r.event, count(*) FROM audit_bodies r WHERE r.tenant_id = $1 GROUP BY r.event`:                                               count(w.records),
		`SELECT m.details, count(*) FROM messages m WHERE m.tenant_id = $1 AND m.kind = 'system' AND m.body = 'requeued' GROUP BY m.details`: count(w.requeued),
	} {
		if err := rows(t, tx, scan, query); err != nil {
			return err
		}
	}
	return nil
}

func rows(t testing.TB, tx *store.Tx, scan func(store.Row) error, query string, args ...any) error {
	_, err := store.Collect(t.Context(), tx, func(r store.Row) (struct{}, error) { return struct{}{}, scan(r) }, query, args...)
	return err
}

// began are the tenures that were not there before.
func (w *world) began(before *world) (began []worldTenure) {
	known := map[string]bool{}
	for _, t := range before.tenures {
		known[t.id] = true
	}
	for _, t := range w.tenures {
		if !known[t.id] {
			began = append(began, t)
		}
	}
	return began
}

// older tells whether a conversation has waited longer than another, priority counted in.
func (c *worldConversation) older(other *worldConversation) bool {
	a, b := c.queued-c.priority*int64(time.Minute/time.Microsecond), other.queued-other.priority*int64(time.Minute/time.Microsecond)
	return a < b || a == b && c.number < other.number
}

func (c *worldConversation) age(at time.Time) time.Duration { return at.Sub(time.UnixMicro(c.queued)) }
func (c *worldConversation) held() bool                     { return c.state == "active" || c.state == "on_hold" }
