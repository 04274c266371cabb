package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/store"
)

// unansweredMost is how many conversations in a row an agent may leave without a first answer before the
// desk takes them for away.
const unansweredMost = 2

// sweepUnanswered returns to the queue what an agent has not answered within the tenant's limit since they
// got it, where it has one. That agent is passed over for it; who does it twice in a row is set busy, and
// sees why.
func (s *Service) sweepUnanswered(ctx context.Context, tenant string) error {
	return s.changeEach(ctx, tenant, func(ctx context.Context, tx *store.Tx) ([]string, error) {
		settings, err := loadSettings(ctx, tx)
		if err != nil || settings.FirstAnswer == 0 {
			return nil, err
		}
		return store.Collect(ctx, tx, store.Text, `
			SELECT c.id
			FROM agents a
			CROSS JOIN conversations c
			WHERE a.tenant_id = $1 AND a.current_load > 0
				AND c.tenant_id = $1 AND c.assignee_id = a.user_id AND c.state IN ('active', 'on_hold')
				AND c.asked_at > coalesce(c.answered_at, 0) AND c.assigned_at <= $2
				AND EXISTS (
					SELECT 1
					FROM tenures t
					WHERE t.tenant_id = $1 AND t.conversation_id = c.id AND t.ended_at IS NULL AND t.answered_at IS NULL)
			ORDER BY c.id
			LIMIT $3`, tx.Now.Add(-settings.FirstAnswer).UnixMicro(), sweepMost)
	}, (*edit).passOver)
}

// passOver takes the conversation from the agent who has not answered it.
func (e *edit) passOver(ctx context.Context) (audit.Act, error) {
	settings, err := loadSettings(ctx, e.tx)
	agent := e.now.holder()
	if err != nil || agent == "" || !e.now.waitsForAnswer() || settings.FirstAnswer == 0 || e.tx.Now.Sub(e.now.AssignedAt) < settings.FirstAnswer {
		return none, err
	}
	a, err := e.lockAttendance(ctx, agent)
	if err != nil {
		return none, err
	}
	if err := e.exclude(ctx, agent, noAnswer); err != nil {
		return none, err
	}
	enough := a.status == Online && a.unanswered+1 >= unansweredMost
	if err := countUnanswered(ctx, e.tx, agent, enough); err != nil {
		return none, err
	}
	act, err := e.backToQueue(ctx, agent, noAnswer, "")
	if enough {
		act.Change.Values("agent_status", []string{Online}, []string{Busy})
	}
	return act, err
}

// exclude has dispatch pass the agent over for the conversation from now on, until it is reopened. People may
// still choose them.
func (e *edit) exclude(ctx context.Context, agent, reason string) error {
	_, err := e.tx.Exec(ctx, `
		INSERT INTO conversation_exclusions (tenant_id, conversation_id, agent_id, reason, created_at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT DO NOTHING`, e.now.ID, agent, reason, e.tx.Now.UnixMicro())
	return err
}

// countUnanswered counts one more conversation in a row that an agent has not answered, or sets them busy
// for it and begins anew.
func countUnanswered(ctx context.Context, tx *store.Tx, agent string, enough bool) error {
	if !enough {
		_, err := tx.Exec(ctx, `
			UPDATE agents
			SET unanswered = unanswered + 1
			WHERE tenant_id = $1 AND user_id = $2`, agent)
		return err
	}
	_, err := tx.Exec(ctx, `
		UPDATE agents
		SET status = 'busy',
			status_reason = $3,
			status_at = $4,
			unanswered = 0
		WHERE tenant_id = $1 AND user_id = $2`, agent, noAnswer, tx.Now.UnixMicro())
	return err
}
