package desk

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// due is what a desk needs now.
type due struct {
	tenant   string
	policy   int64 // the version that stands
	at       time.Time
	waits    bool // something is queued while somebody is free
	presence bool // somebody is missed, or has been for so long that something follows
	held     bool // a conversation may have to leave the agent who holds it
	silent   bool // one is to be woken, parked, resolved or closed
	pruned   bool // old events are to go
	idle     bool // nobody works, and time brings nothing about for a while
	works    bool // somebody does what their permissions may no longer let them do
	judge    bool // it is to be looked whether everybody may do what they do
}

// findDue looks at all active tenants whose desks do not rest, in one transaction, and says what each of them
// needs.
func (s *Service) findDue(ctx context.Context) (found []due, err error) {
	pulses, err := s.config.DB.Pulses(ctx)
	if err != nil {
		return nil, err
	}
	s.rests.begin(s.config.DB.Now(), pulses)
	err = s.config.DB.AcrossRead(ctx, store.DeskSweep, func(span *store.Span) (err error) {
		found = nil
		all, err := activeDesks(ctx, span)
		if err != nil {
			return err
		}
		for _, d := range all {
			if s.rests.resting(d) {
				continue
			}
			err := span.In(ctx, d.tenant, func(tx *store.Tx) error { return d.look(ctx, tx) })
			if err != nil {
				return err
			}
			found = append(found, d)
		}
		return nil
	})
	if err == nil {
		s.rests.end(found)
	}
	return found, err
}

func activeDesks(ctx context.Context, span *store.Span) ([]due, error) {
	return store.CollectAcross(ctx, span, func(r store.Row) (due, error) {
		d := due{at: span.Now}
		err := r.Scan(&d.tenant, &d.policy)
		return d, err
	}, `SELECT t.tenant_id, t.policy_version FROM tenants t WHERE t.status = 'active' AND t.slug <> 'platform'`)
}

// look finds out what a desk needs. Each question is answered by an index, or by the few who work now.
func (d *due) look(ctx context.Context, tx *store.Tx) (err error) {
	settings, err := loadSettings(ctx, tx)
	if err != nil {
		return err
	}
	working, err := d.lookAtAgents(ctx, tx, settings)
	if err != nil {
		return err
	}
	silent, pruned, err := dueByTime(ctx, tx, settings, tx.Now)
	d.silent, d.pruned = d.silent || silent, pruned
	if err != nil || working || d.presence || silent || pruned {
		return err
	}
	silent, pruned, err = dueByTime(ctx, tx, settings, tx.Now.Add(restTime))
	d.idle = !silent && !pruned
	return err
}

// lookAtAgents asks about those who work, and tells whether anybody does.
func (d *due) lookAtAgents(ctx context.Context, tx *store.Tx, settings Settings) (working bool, err error) {
	var loaded bool
	err = tx.QueryRow(ctx, `
		SELECT EXISTS (SELECT 1 FROM agents a WHERE a.tenant_id = $1 AND (a.status <> 'offline' OR a.current_load > 0)),
			EXISTS (SELECT 1 FROM agents a WHERE a.tenant_id = $1 AND a.current_load > 0),
			EXISTS (SELECT 1 FROM agents a WHERE a.tenant_id = $1 AND a.current_load > 0 AND a.lost_at <= $4),
			EXISTS (SELECT 1 FROM presences p WHERE p.tenant_id = $1 AND p.alive_until <= $2)
				OR EXISTS (
					SELECT 1
					FROM agents a
					WHERE a.tenant_id = $1 AND a.status <> 'offline' AND a.lost_at <= $3)
				OR EXISTS (
					SELECT 1
					FROM agents a
					WHERE a.tenant_id = $1 AND (a.status <> 'offline' OR a.current_load > 0) AND a.lost_at IS NULL AND NOT EXISTS (
						SELECT 1 FROM presences p WHERE p.tenant_id = $1 AND p.user_id = a.user_id AND p.alive_until > $2))`,
		[]any{tx.Now.UnixMicro(), tx.Now.Add(-lostOffline).UnixMicro(), tx.Now.Add(-lostRequeue).UnixMicro()},
		&working, &loaded, &d.held, &d.presence)
	if err != nil || !working {
		return working, err
	}
	d.held = d.held || loaded && settings.FirstAnswer > 0
	d.silent = loaded && settings.Park > 0
	d.waits, err = somethingWaits(ctx, tx)
	return working, err
}

// dueByTime tells whether, at an instant, a conversation is to be woken, resolved or closed, and whether old
// events are to go.
func dueByTime(ctx context.Context, tx *store.Tx, settings Settings, at time.Time) (silent, pruned bool, err error) {
	err = tx.QueryRow(ctx, `
		SELECT EXISTS (SELECT 1 FROM conversations c WHERE c.tenant_id = $1 AND c.wake_at <= $2)
				OR EXISTS (SELECT 1 FROM conversations c WHERE c.tenant_id = $1 AND c.state = 'resolved' AND c.ended_at <= $3)
				OR EXISTS (SELECT 1 FROM conversations c WHERE c.tenant_id = $1 AND c.state = 'parked' AND c.asked_at <= $4 AND $5),
			EXISTS (
				SELECT 1
				FROM desk_events e
				WHERE e.tenant_id = $1 AND e.created_at <= $6
					AND e.seq = (SELECT min(o.seq) FROM desk_events o WHERE o.tenant_id = $1)
					AND e.seq <= (SELECT p.last - $7 FROM desk_positions p WHERE p.tenant_id = $1 AND p.stream = 'desk'))`,
		[]any{at.UnixMicro(), at.Add(-settings.Reopen).UnixMicro(), at.Add(-settings.Resolve).UnixMicro(), settings.Resolve > 0,
			at.Add(-eventsFor).UnixMicro(), eventsKept}, &silent, &pruned)
	return silent, pruned, err
}
