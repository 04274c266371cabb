package desk

import (
	"context"
	"database/sql"
	"errors"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/store"
)

// event is what happened to a conversation, and what stood before.
type event struct {
	seq          int64
	conversation string
	requester    string
	requesterSeq int64 // 0 for what the requester cannot notice
	before       Conversation
}

const eventColumns = `
		e.seq,
		e.conversation_id,
		e.requester_id,
		e.requester_seq,
		e.state_before,
		e.assignee_before,
		e.department_before`

func scanEvent(r store.Row) (event, error) {
	var e event
	var requesterSeq sql.NullInt64
	var state, assignee, department sql.NullString
	err := r.Scan(&e.seq, &e.conversation, &e.requester, &requesterSeq, &state, &assignee, &department)
	e.requesterSeq = requesterSeq.Int64
	e.before = Conversation{
		ID: e.conversation, Requester: e.requester, State: State(state.String), Assignee: assignee.String, Department: department.String,
	}
	return e, err
}

// was is the conversation before the event as the access rules saw it; nil when there was none.
func (e *event) was(tenant string) *access.Object {
	if e.before.State == "" {
		return nil
	}
	return e.before.object(tenant)
}

// eventsAfter are those of the desk after a position, in order.
func eventsAfter(ctx context.Context, tx *store.Tx, position int64, limit int) ([]event, error) {
	w := tx.Where("e")
	w.And("e.seq > ?", position)
	return store.Collect(ctx, tx, scanEvent, `SELECT`+eventColumns+`
		FROM desk_events e`+w.String()+`
		ORDER BY e.seq
		LIMIT `+w.First(limit), w.Args()...)
}

// requestEventsAfter are those that a requester may notice, by their own numbers.
func requestEventsAfter(ctx context.Context, tx *store.Tx, requester string, position int64, limit int) ([]event, error) {
	w := tx.Where("e")
	w.And("e.requester_id = ?", requester)
	w.And("e.requester_seq > ?", position)
	return store.Collect(ctx, tx, scanEvent, `SELECT`+eventColumns+`
		FROM desk_events e`+w.String()+`
		ORDER BY e.requester_seq
		LIMIT `+w.First(limit), w.Args()...)
}

// lastOf is where a position stands, 0 before anything has happened.
func lastOf(ctx context.Context, tx *store.Tx, stream string) (last int64, err error) {
	err = tx.QueryRow(ctx, `
		SELECT p.last
		FROM desk_positions p
		WHERE p.tenant_id = $1 AND p.stream = $2`, []any{stream}, &last)
	if errors.Is(err, store.ErrNotFound) {
		return 0, nil
	}
	return last, err
}

// conversationsByID are those that there are.
func conversationsByID(ctx context.Context, tx *store.Tx, ids store.Set) (map[string]*Conversation, error) {
	byID := map[string]*Conversation{}
	if len(ids) == 0 {
		return byID, nil
	}
	w := tx.Where("c")
	w.And("c.id IN ?", ids)
	found, err := store.Collect(ctx, tx, scanConversation, `SELECT`+conversationColumns+`
		FROM conversations c`+w.String(), w.Args()...)
	for i := range found {
		byID[found[i].ID] = &found[i]
	}
	return byID, err
}

// messagesAfter are those of a conversation that a reader sees after a number of theirs, in order.
func messagesAfter(ctx context.Context, tx *store.Tx, conversation string, r reader, seq int64, limit int) ([]Message, error) {
	w := tx.Where("m")
	w.And("m.conversation_id = ?", conversation)
	w.And(r.column()+" > ?", seq)
	r.narrow(w)
	return store.Collect(ctx, tx, scanMessage, `SELECT`+messageColumns+`
		FROM messages m`+w.String()+`
		ORDER BY `+r.column()+`
		LIMIT `+w.First(limit), w.Args()...)
}

// openSupervisions are the modes of those who supervise one of the conversations.
func openSupervisions(ctx context.Context, tx *store.Tx, conversations store.Set) (map[supervisionOf]Mode, error) {
	modes := map[supervisionOf]Mode{}
	if len(conversations) == 0 {
		return modes, nil
	}
	w := tx.Where("s")
	w.And("s.conversation_id IN ?", conversations)
	w.And("s.ended_at IS NULL")
	return modes, each(ctx, tx, func(r store.Row) error {
		var of supervisionOf
		var mode Mode
		err := r.Scan(&of.conversation, &of.user, &mode)
		modes[of] = mode
		return err
	}, `
		SELECT s.conversation_id, s.user_id, s.mode
		FROM supervisions s`+w.String(), w.Args()...)
}
