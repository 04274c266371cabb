package desk

import (
	"context"
	"database/sql"

	"github.com/usher-desk/usher/internal/store"
)

// The positions that grow by one with each thing.
const (
	deskStream     = "desk"       // events of the whole tenant
	numbers        = "number"     // of conversations
	requesterHeads = "requester/" // and the id of a user: what they may notice of their own requests
)

// next raises a position and returns its new value. Its row is locked until the transaction ends, so that
// whoever has seen a value has seen all that came before.
func next(ctx context.Context, tx *store.Tx, stream string) (last int64, err error) {
	err = tx.QueryRow(ctx, `
		INSERT INTO desk_positions (tenant_id, stream, last)
		VALUES ($1, $2, 1)
		ON CONFLICT (tenant_id, stream) DO UPDATE SET last = desk_positions.last + 1
		RETURNING last`, []any{stream}, &last)
	return last, err
}

// happened writes the event of the change. The tenant's position comes last of all locks: everybody waits
// for it.
func (e *edit) happened(ctx context.Context) error {
	var noticed sql.NullInt64
	if e.noticed {
		n, err := next(ctx, e.tx, requesterHeads+e.now.Requester)
		if err != nil {
			return err
		}
		noticed = sql.NullInt64{Int64: n, Valid: true}
	}
	seq, err := next(ctx, e.tx, deskStream)
	if err != nil {
		return err
	}
	_, err = e.tx.Exec(ctx, `
		INSERT INTO desk_events (tenant_id, seq, conversation_id, requester_id, requester_seq, state_before, assignee_before,
			department_before, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		seq, e.now.ID, e.now.Requester, noticed, optional(string(e.before.State)), optional(e.before.Assignee),
		optional(e.before.Department), e.tx.Now.UnixMicro())
	if err != nil {
		return err
	}
	tenant := e.tx.Tenant()
	e.tx.AfterCommit(func() { e.service.happened(tenant) })
	return nil
}

// happened tells, after a commit, whoever waits for something to happen at the desk of a tenant.
func (s *Service) happened(tenant string) {
	s.dispatcher.wake(tenant)
	if s.config.Happened != nil {
		s.config.Happened(tenant)
	}
}
