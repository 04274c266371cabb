package desk

import (
	"context"
	"database/sql"
	"time"

	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/trail"
)

// How long somebody who works is missed before something follows. A page that is loaded again, or a change of
// network, takes less than the first.
const (
	lostOffline = 90 * time.Second  // they are set offline
	lostRequeue = 180 * time.Second // who waits for their answer waits for somebody else's
)

// Why the desk set an agent's status.
const (
	lostConnection = "lost_connection"
	noAnswer       = "no_answer"
)

// sweepLost sets agents offline who have been missed for long. Since when they are missed stays written: what
// they hold follows from it.
func (s *Service) sweepLost(ctx context.Context, tenant string) error {
	return s.config.DB.Write(ctx, tenant, func(tx *store.Tx) error {
		lost, err := store.Collect(ctx, tx, store.Text, `
			UPDATE agents
			SET status = 'offline',
				status_reason = $2,
				status_at = $3,
				unanswered = 0
			WHERE tenant_id = $1 AND user_id IN (
				SELECT a.user_id
				FROM agents a
				WHERE a.tenant_id = $1 AND a.status <> 'offline' AND a.lost_at <= $4
				ORDER BY a.user_id`+forUpdate(tx, "a")+`)
			RETURNING user_id`, lostConnection, tx.Now.UnixMicro(), tx.Now.Add(-lostOffline).UnixMicro())
		if err != nil {
			return err
		}
		for _, agent := range lost {
			act := audit.Act{Op: trail.Job, Event: "agent.lose", Targets: []trail.Ref{{Type: "agent", ID: agent}}}
			act.Change.Names("status")
			if err := s.config.Audit.AppendAct(ctx, tx, act); err != nil {
				return err
			}
			s.reconsider(tx)
		}
		return nil
	})
}

// sweepAbsent returns to the queue what waits for an answer of agents who have been missed for longer still.
// They are given it first should they come back.
func (s *Service) sweepAbsent(ctx context.Context, tenant string) error {
	return s.changeEach(ctx, tenant, func(ctx context.Context, tx *store.Tx) ([]string, error) {
		return store.Collect(ctx, tx, store.Text, `
			SELECT c.id
			FROM agents a
			CROSS JOIN conversations c
			WHERE a.tenant_id = $1 AND a.current_load > 0 AND a.lost_at <= $2
				AND c.tenant_id = $1 AND c.assignee_id = a.user_id AND c.state IN ('active', 'on_hold')
				AND c.asked_at > coalesce(c.answered_at, 0)
			ORDER BY c.id
			LIMIT $3`, tx.Now.Add(-lostRequeue).UnixMicro(), sweepMost)
	}, (*edit).outlastAbsent)
}

// outlastAbsent takes the conversation from an agent who is still missed.
func (e *edit) outlastAbsent(ctx context.Context) (audit.Act, error) {
	agent := e.now.holder()
	if agent == "" || !e.now.waitsForAnswer() {
		return none, nil
	}
	state, err := e.lockAttendance(ctx, agent)
	if err != nil || state.lost.IsZero() || e.tx.Now.Sub(state.lost) < lostRequeue {
		return none, err
	}
	return e.backToQueue(ctx, agent, "absent", agent)
}

// waitsForAnswer tells whether the requester had the last word.
func (c *Conversation) waitsForAnswer() bool { return c.AskedAt.After(c.AnsweredAt) }

// backToQueue takes a conversation from its agent, keeps its age, and has somebody go first for it; "" for nobody.
func (e *edit) backToQueue(ctx context.Context, agent, reason, first string) (audit.Act, error) {
	settings, err := loadSettings(ctx, e.tx)
	if err != nil {
		return none, err
	}
	if err := e.release(ctx, Queued, reason); err != nil {
		return none, err
	}
	e.now.Preferred, e.now.PreferredUntil = first, zero
	if first != "" {
		e.now.PreferredUntil = e.tx.Now.Add(settings.PreferLast)
	}
	act := e.act("conversation.requeue")
	act.Targets = append(act.Targets, trail.Ref{Type: "agent", ID: agent})
	return act, e.line(ctx, "requeued", true, Details{"agent": agent, "reason": reason})
}

// attendance is what the rules about absence know of an agent.
type attendance struct {
	status     string
	lost       time.Time // since when they are missed; zero while they are there
	unanswered int       // conversations in a row that went back for want of a first answer
}

// lockAttendance returns it as it stays until the transaction ends.
func (e *edit) lockAttendance(ctx context.Context, agent string) (a attendance, err error) {
	if _, err := lockSlots(ctx, e.tx, agent); err != nil {
		return attendance{}, err
	}
	var lost sql.NullInt64
	err = e.tx.QueryRow(ctx, `
		SELECT a.status, a.lost_at, a.unanswered
		FROM agents a
		WHERE a.tenant_id = $1 AND a.user_id = $2`, []any{agent}, &a.status, &lost, &a.unanswered)
	a.lost = instant(lost)
	return a, err
}
