package audit

import (
	"context"

	"github.com/usher-desk/usher/internal/store"
)

// insert writes an entry with its targets and personal values.
func insert(ctx context.Context, tx *store.Tx, e entry) error {
	const body = `
		INSERT INTO audit_bodies (tenant_id, id, time, actor_id, sid, event, result, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	r := e.record
	err := tx.Later(ctx, body, r.ID, r.Time.UnixMicro(), r.Actor.ID, r.Actor.SID, r.Action.Event, string(r.Outcome.Result), e.bytes)
	if err != nil {
		return err
	}
	const target = `
		INSERT INTO audit_targets (tenant_id, type, target_id, record_id)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT DO NOTHING`
	for _, t := range r.Target {
		if err := tx.Later(ctx, target, t.Type, t.ID, r.ID); err != nil {
			return err
		}
	}
	const value = `
		INSERT INTO audit_personal (tenant_id, record_id, field, salt, value)
		VALUES ($1, $2, $3, $4, $5)`
	for _, p := range e.personal {
		if err := tx.Later(ctx, value, r.ID, p.field, p.salt, p.value); err != nil {
			return err
		}
	}
	return nil
}

// Last is the id of the newest record in the trail of the transaction's tenant; "" where there is none.
func Last(ctx context.Context, tx *store.Tx) (id string, err error) {
	err = tx.QueryRow(ctx, `
		SELECT coalesce(max(b.id), '')
		FROM audit_bodies b
		WHERE b.tenant_id = $1`, nil, &id)
	return id, err
}
