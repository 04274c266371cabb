package audit

import (
	"context"

	"github.com/usher-desk/usher/internal/store"
)

var (
	bodies   = store.Insert{Table: "audit_bodies", Columns: "id, time, actor_id, sid, event, result, body"}
	targets  = store.Insert{Table: "audit_targets", Columns: "type, target_id, record_id", Unless: "ON CONFLICT DO NOTHING"}
	privates = store.Insert{Table: "audit_personal", Columns: "record_id, field, salt, value"}
)

// insert writes entries with their targets and personal values.
func insert(ctx context.Context, tx *store.Tx, entries ...entry) error {
	var records, named, values [][]any
	for _, e := range entries {
		r := e.record
		records = append(records, []any{
			r.ID, r.Time.UnixMicro(), r.Actor.ID, r.Actor.SID, r.Action.Event, string(r.Outcome.Result), e.bytes,
		})
		for _, t := range r.Target {
			named = append(named, []any{t.Type, t.ID, r.ID})
		}
		for _, p := range e.personal {
			values = append(values, []any{r.ID, p.field, p.salt, p.value})
		}
	}
	if err := tx.LaterRows(ctx, bodies, records...); err != nil {
		return err
	}
	if err := tx.LaterRows(ctx, targets, named...); err != nil {
		return err
	}
	return tx.LaterRows(ctx, privates, values...)
}

// Last is the id of the newest record in the trail of the transaction's tenant; "" where there is none.
func Last(ctx context.Context, tx *store.Tx) (id string, err error) {
	err = tx.QueryRow(ctx, `
		SELECT coalesce(max(b.id), '')
		FROM audit_bodies b
		WHERE b.tenant_id = $1`, nil, &id)
	return id, err
}
