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
	judge    bool // it is to be looked whether everybody may do what they do
}

// findDue looks at all active tenants in one transaction and says what each of them needs.
func (s *Service) findDue(ctx context.Context) (found []due, err error) {
	err = s.config.DB.AcrossRead(ctx, store.DeskSweep, func(span *store.Span) (err error) {
		found, err = store.CollectAcross(ctx, span, func(r store.Row) (due, error) {
			d := due{at: span.Now}
			err := r.Scan(&d.tenant, &d.policy)
			return d, err
		}, `SELECT t.tenant_id, t.policy_version FROM tenants t WHERE t.status = 'active' AND t.slug <> 'platform'`)
		for i := range found {
			if err != nil {
				return err
			}
			err = span.In(ctx, found[i].tenant, func(tx *store.Tx) error { return found[i].look(ctx, tx) })
		}
		return err
	})
	return found, err
}

// look finds out what a desk needs. Each question is answered by an index, or by the few who work now.
func (d *due) look(ctx context.Context, tx *store.Tx) (err error) {
	if d.waits, err = somethingWaits(ctx, tx); err != nil {
		return err
	}
	settings, err := loadSettings(ctx, tx)
	if err != nil {
		return err
	}
	now := tx.Now
	ask := func(answer *bool, query string, args ...any) {
		if err == nil {
			err = tx.QueryRow(ctx, query, args, answer)
		}
	}
	ask(&d.presence, `
		SELECT EXISTS (SELECT 1 FROM presences p WHERE p.tenant_id = $1 AND p.alive_until <= $2)
			OR EXISTS (
				SELECT 1
				FROM agents a
				WHERE a.tenant_id = $1 AND a.status <> 'offline' AND a.lost_at <= $3)
			OR EXISTS (
				SELECT 1
				FROM agents a
				WHERE a.tenant_id = $1 AND (a.status <> 'offline' OR a.current_load > 0) AND a.lost_at IS NULL AND NOT EXISTS (
					SELECT 1 FROM presences p WHERE p.tenant_id = $1 AND p.user_id = a.user_id AND p.alive_until > $2))`,
		now.UnixMicro(), now.Add(-lostOffline).UnixMicro())
	ask(&d.held, `
		SELECT EXISTS (SELECT 1 FROM agents a WHERE a.tenant_id = $1 AND a.current_load > 0 AND a.lost_at <= $2)
			OR EXISTS (SELECT 1 FROM agents a WHERE a.tenant_id = $1 AND a.current_load > 0 AND $3)`,
		now.Add(-lostRequeue).UnixMicro(), settings.FirstAnswer > 0)
	ask(&d.silent, `
		SELECT EXISTS (SELECT 1 FROM conversations c WHERE c.tenant_id = $1 AND c.wake_at <= $2)
			OR EXISTS (SELECT 1 FROM conversations c WHERE c.tenant_id = $1 AND c.state = 'resolved' AND c.ended_at <= $3)
			OR EXISTS (SELECT 1 FROM agents a WHERE a.tenant_id = $1 AND a.current_load > 0 AND $4)
			OR EXISTS (SELECT 1 FROM conversations c WHERE c.tenant_id = $1 AND c.state = 'parked' AND c.asked_at <= $5 AND $6)`,
		now.UnixMicro(), now.Add(-settings.Reopen).UnixMicro(), settings.Park > 0,
		now.Add(-settings.Resolve).UnixMicro(), settings.Resolve > 0)
	ask(&d.pruned, `
		SELECT EXISTS (
			SELECT 1
			FROM desk_events e
			WHERE e.tenant_id = $1 AND e.created_at <= $2
				AND e.seq = (SELECT min(o.seq) FROM desk_events o WHERE o.tenant_id = $1)
				AND e.seq <= (SELECT p.last - $3 FROM desk_positions p WHERE p.tenant_id = $1 AND p.stream = 'desk'))`,
		now.Add(-eventsFor).UnixMicro(), eventsKept)
	return err
}
