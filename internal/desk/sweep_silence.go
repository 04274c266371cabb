package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/store"
)

// sweepWakes queues what was parked until an instant that has come.
func (s *Service) sweepWakes(ctx context.Context, tenant string) error {
	return s.changeEach(ctx, tenant, func(ctx context.Context, tx *store.Tx) ([]string, error) {
		return store.Collect(ctx, tx, store.Text, `
			SELECT c.id
			FROM conversations c
			WHERE c.tenant_id = $1 AND c.wake_at <= $2
			ORDER BY c.wake_at
			LIMIT $3`, tx.Now.UnixMicro(), sweepMost)
	}, (*edit).wakeInTime)
}

func (e *edit) wakeInTime(ctx context.Context) (audit.Act, error) {
	if e.now.State != Parked || e.now.WakeAt.IsZero() || e.now.WakeAt.After(e.tx.Now) {
		return none, nil
	}
	return e.acted("conversation.wake", e.wake(ctx, ""))
}

// sweepPark parks what the requester, who had the answer, has been silent about for as long as the tenant
// allows; where it sets no limit nothing is parked.
func (s *Service) sweepPark(ctx context.Context, tenant string) error {
	return s.changeEach(ctx, tenant, func(ctx context.Context, tx *store.Tx) ([]string, error) {
		settings, err := loadSettings(ctx, tx)
		if err != nil || settings.Park == 0 {
			return nil, err
		}
		return store.Collect(ctx, tx, store.Text, `
			SELECT c.id
			FROM agents a
			CROSS JOIN conversations c
			WHERE a.tenant_id = $1 AND a.current_load > 0
				AND c.tenant_id = $1 AND c.assignee_id = a.user_id AND c.state = 'active'
				AND c.answered_at >= c.asked_at AND c.answered_at <= $2 AND c.assigned_at <= $2
			ORDER BY c.id
			LIMIT $3`, tx.Now.Add(-settings.Park).UnixMicro(), sweepMost)
	}, (*edit).parkSilent)
}

func (e *edit) parkSilent(ctx context.Context) (audit.Act, error) {
	settings, err := loadSettings(ctx, e.tx)
	since := e.tx.Now.Add(-settings.Park)
	if err != nil || settings.Park == 0 || e.now.State != Active || e.now.waitsForAnswer() ||
		e.now.AnsweredAt.After(since) || e.now.AssignedAt.After(since) {
		return none, err
	}
	return e.acted("conversation.park", e.setAside(ctx, zero, ""))
}

// sweepResolve resolves what is parked without an end and has been silent for as long as the tenant allows,
// counted from the parking.
func (s *Service) sweepResolve(ctx context.Context, tenant string) error {
	return s.changeEach(ctx, tenant, func(ctx context.Context, tx *store.Tx) ([]string, error) {
		settings, err := loadSettings(ctx, tx)
		if err != nil || settings.Resolve == 0 {
			return nil, err
		}
		return store.Collect(ctx, tx, store.Text, `
			SELECT c.id
			FROM conversations c
			WHERE c.tenant_id = $1 AND c.state = 'parked' AND c.asked_at <= $2 AND c.wake_at IS NULL AND NOT EXISTS (
				SELECT 1
				FROM tenures t
				WHERE t.tenant_id = $1 AND t.conversation_id = c.id AND t.ended_at > $2)
			ORDER BY c.asked_at
			LIMIT $3`, tx.Now.Add(-settings.Resolve).UnixMicro(), sweepMost)
	}, (*edit).resolveSilent)
}

func (e *edit) resolveSilent(ctx context.Context) (audit.Act, error) {
	settings, err := loadSettings(ctx, e.tx)
	if err != nil || settings.Resolve == 0 || e.now.State != Parked || !e.now.WakeAt.IsZero() ||
		e.now.AskedAt.After(e.tx.Now.Add(-settings.Resolve)) {
		return none, err
	}
	return e.acted("conversation.resolve", e.solved(ctx, ""))
}

// sweepClose closes what can be reopened no more.
func (s *Service) sweepClose(ctx context.Context, tenant string) error {
	return s.changeEach(ctx, tenant, func(ctx context.Context, tx *store.Tx) ([]string, error) {
		settings, err := loadSettings(ctx, tx)
		if err != nil {
			return nil, err
		}
		return store.Collect(ctx, tx, store.Text, `
			SELECT c.id
			FROM conversations c
			WHERE c.tenant_id = $1 AND c.state = 'resolved' AND c.ended_at <= $2
			ORDER BY c.ended_at
			LIMIT $3`, tx.Now.Add(-settings.Reopen).UnixMicro(), sweepMost)
	}, (*edit).closeOld)
}

func (e *edit) closeOld(ctx context.Context) (audit.Act, error) {
	settings, err := loadSettings(ctx, e.tx)
	if err != nil || e.now.State != Resolved || e.tx.Now.Before(e.now.EndedAt.Add(settings.Reopen)) {
		return none, err
	}
	e.move(Closed)
	return e.acted("conversation.close", e.line(ctx, "closed", true, nil))
}
