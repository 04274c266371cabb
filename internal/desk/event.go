package desk

import (
	"context"
	"maps"
	"slices"

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

// raises is next for whoever does not look at the value, by as many as happen at once.
var raises = store.Insert{
	Table: "desk_positions", Columns: "stream, last",
	Unless: "ON CONFLICT (tenant_id, stream) DO UPDATE SET last = desk_positions.last + excluded.last",
}

// raise raises the positions of requesters by what each may notice, in one order, and that of the tenant by
// all that happens, last of all locks: everybody waits for it.
func raise(ctx context.Context, tx *store.Tx, noticed map[string]int, happened int) error {
	var heads [][]any
	for _, requester := range slices.Sorted(maps.Keys(noticed)) {
		heads = append(heads, []any{requesterHeads + requester, noticed[requester]})
	}
	if err := tx.LaterRows(ctx, raises, heads...); err != nil {
		return err
	}
	return tx.LaterRows(ctx, raises, []any{deskStream, happened})
}

// happened writes the events of the changes.
func (all edits) happened(ctx context.Context) error {
	if len(all) == 0 {
		return nil
	}
	service, tx := all[0].service, all[0].tx
	noticed := map[string]int{}
	for _, e := range all {
		if e.noticed {
			noticed[e.now.Requester]++
		}
	}
	if err := raise(ctx, tx, noticed, len(all)); err != nil {
		return err
	}
	for i, e := range all {
		if e.noticed {
			noticed[e.now.Requester]--
		}
		if err := e.writeEvent(ctx, len(all)-1-i, noticed[e.now.Requester]); err != nil {
			return err
		}
	}
	tenant := tx.Tenant()
	tx.AfterCommit(func() { service.happened(tenant) })
	return nil
}

// writeEvent writes the event with the numbers that its positions were raised to, less those that follow in
// the same transaction.
func (e *edit) writeEvent(ctx context.Context, follow, followForRequester int) error {
	heads := "" // of nobody
	if e.noticed {
		heads = requesterHeads + e.now.Requester
	}
	return e.tx.Later(ctx, `
		INSERT INTO desk_events (tenant_id, seq, conversation_id, requester_id, requester_seq, state_before, assignee_before,
			department_before, created_at)
		SELECT $1, d.last - $2, $3, $4, r.last - $5, $6, $7, $8, $9
		FROM desk_positions d
		LEFT JOIN desk_positions r ON r.tenant_id = $1 AND r.stream = $10
		WHERE d.tenant_id = $1 AND d.stream = 'desk'`,
		follow, e.now.ID, e.now.Requester, followForRequester, optional(string(e.before.State)), optional(e.before.Assignee),
		optional(e.before.Department), e.tx.Now.UnixMicro(), heads)
}

// happened tells, after a commit, whoever waits for something to happen at the desk of a tenant.
func (s *Service) happened(tenant string) {
	s.rests.stir(tenant)
	s.dispatcher.wake(tenant)
	if s.config.Happened != nil {
		s.config.Happened(tenant)
	}
}
