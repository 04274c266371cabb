package desk

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

const supervisionColumns = `
		v.id,
		v.conversation_id,
		v.user_id,
		v.mode,
		v.reason,
		v.started_at,
		v.mode_at`

func scanSupervision(r store.Row) (Supervision, error) {
	var v Supervision
	var reason sql.NullString
	var started, mode int64
	err := r.Scan(&v.ID, &v.Conversation, &v.User, &v.Mode, &reason, &started, &mode)
	v.Reason, v.StartedAt, v.ModeAt = reason.String, time.UnixMicro(started).UTC(), time.UnixMicro(mode).UTC()
	return v, err
}

// findSupervision returns the open supervision of the user. Where there is none, it has no id and no mode.
func findSupervision(ctx context.Context, tx *store.Tx, conversation, user string) (Supervision, error) {
	v, err := store.One(ctx, tx, scanSupervision, `SELECT`+supervisionColumns+`
		FROM supervisions v
		WHERE v.tenant_id = $1 AND v.conversation_id = $2 AND v.user_id = $3 AND v.ended_at IS NULL`, conversation, user)
	if errors.Is(err, store.ErrNotFound) {
		v, err = Supervision{Conversation: conversation, User: user}, nil
	}
	return v, err
}

// supervisionsOf are the open supervisions of conversations, the oldest of each first.
func supervisionsOf(ctx context.Context, tx *store.Tx, conversations ...string) ([]Supervision, error) {
	w := tx.Where("v")
	w.And("v.ended_at IS NULL")
	w.And("v.conversation_id IN ?", store.Set(conversations))
	return store.Collect(ctx, tx, scanSupervision, `SELECT`+supervisionColumns+`
		FROM supervisions v`+w.String()+`
		ORDER BY v.conversation_id, v.started_at, v.id`, w.Args()...)
}

// watched is a supervision with what the access rules ask of its conversation.
type watched struct {
	Supervision
	of Conversation
}

// readSupervised returns all open supervisions of the tenant, by conversation.
func readSupervised(ctx context.Context, tx *store.Tx) ([]watched, error) {
	return store.Collect(ctx, tx, func(r store.Row) (watched, error) {
		var v watched
		var department, assignee sql.NullString
		err := r.Scan(&v.Conversation, &v.User, &v.Mode, &v.of.Requester, &department, &assignee, &v.of.State)
		v.of.ID, v.of.Department, v.of.Assignee = v.Conversation, department.String, assignee.String
		return v, err
	}, `
		SELECT v.conversation_id, v.user_id, v.mode, c.requester_id, c.department_id, c.assignee_id, c.state
		FROM supervisions v
		JOIN conversations c ON c.tenant_id = $1 AND c.id = v.conversation_id
		WHERE v.tenant_id = $1 AND v.ended_at IS NULL
		ORDER BY v.conversation_id`)
}

// findVoice is the supervisor who whispers or has barged in; "" for nobody.
func findVoice(ctx context.Context, tx *store.Tx, conversation string) (user string, err error) {
	err = tx.QueryRow(ctx, `
		SELECT v.user_id
		FROM supervisions v
		WHERE v.tenant_id = $1 AND v.conversation_id = $2 AND v.ended_at IS NULL AND v.mode IN ('whisper', 'barge')`,
		[]any{conversation}, &user)
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return user, err
}

// store writes a supervision that has begun or is in another mode.
func (v Supervision) store(ctx context.Context, tx *store.Tx) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO supervisions (tenant_id, id, conversation_id, user_id, mode, reason, started_at, mode_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (tenant_id, id) DO UPDATE
		SET mode = excluded.mode,
			reason = excluded.reason,
			mode_at = excluded.mode_at`,
		v.ID, v.Conversation, v.User, string(v.Mode), optional(v.Reason), v.StartedAt.UnixMicro(), v.ModeAt.UnixMicro())
	return err
}

func (v Supervision) end(ctx context.Context, tx *store.Tx, reason string) error {
	_, err := tx.Exec(ctx, `
		UPDATE supervisions
		SET ended_at = $3, end_reason = $4
		WHERE tenant_id = $1 AND id = $2 AND ended_at IS NULL`, v.ID, tx.Now.UnixMicro(), reason)
	return err
}
