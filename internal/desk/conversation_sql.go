package desk

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

const conversationColumns = `
		c.id,
		c.number,
		c.requester_id,
		c.created_by,
		c.skill_id,
		c.department_id,
		c.priority,
		c.subject,
		c.state,
		c.assignee_id,
		c.last_agent_id,
		c.preferred_id,
		c.preferred_until,
		c.queued_at,
		c.enqueued_at,
		c.assigned_at,
		c.asked_at,
		c.answered_at,
		c.wake_at,
		c.ended_at,
		c.cycle,
		c.last_seq,
		c.public_seq,
		c.rating,
		c.rating_reasons,
		c.rating_text,
		c.rated_at,
		c.version,
		c.created_at,
		c.updated_at,
		c.noticed_version,
		c.noticed_at`

// conversationCoverage is the SQL face of Conversation.object.
var conversationCoverage = store.Coverage{
	Owner:      "c.requester_id = ?",
	Assignee:   "c.assignee_id = ?",
	Unassigned: "c.state = 'queued'",
	Department: "c.department_id IN ?",
}

// findConversation returns [fault.ErrNotFound] when there is none.
func findConversation(ctx context.Context, tx *store.Tx, id string) (Conversation, error) {
	c, err := store.One(ctx, tx, scanConversation, `SELECT`+conversationColumns+`
		FROM conversations c
		WHERE c.tenant_id = $1 AND c.id = $2`, id)
	if errors.Is(err, store.ErrNotFound) {
		err = fault.ErrNotFound
	}
	return c, err
}

// lockConversations returns those of the conversations that are there, by id. Nobody else changes them until
// the transaction ends.
func lockConversations(ctx context.Context, tx *store.Tx, ids []string) ([]Conversation, error) {
	w := tx.Where("c")
	w.And("c.id IN ?", store.Set(ids))
	return store.Collect(ctx, tx, scanConversation, `SELECT`+conversationColumns+`
		FROM conversations c`+w.String()+`
		ORDER BY c.id`+forUpdate(tx, "c"), w.Args()...)
}

func scanConversation(r store.Row) (Conversation, error) {
	var c Conversation
	var skill, department, assignee, lastAgent, preferred, reasons, text sql.NullString
	var preferredUntil, assigned, answered, wake, ended, rated, score sql.NullInt64
	var queued, enqueued, asked, created, updated, noticed int64
	err := r.Scan(&c.ID, &c.Number, &c.Requester, &c.CreatedBy, &skill, &department, &c.Priority, &c.Subject, &c.State,
		&assignee, &lastAgent, &preferred, &preferredUntil, &queued, &enqueued, &assigned, &asked, &answered, &wake, &ended,
		&c.Cycle, &c.LastSeq, &c.PublicSeq, &score, &reasons, &text, &rated, &c.Version, &created, &updated,
		&c.NoticedVersion, &noticed)
	c.Skill, c.Department, c.Assignee = skill.String, department.String, assignee.String
	c.LastAgent, c.Preferred = lastAgent.String, preferred.String
	c.PreferredUntil, c.AssignedAt, c.AnsweredAt = instant(preferredUntil), instant(assigned), instant(answered)
	c.WakeAt, c.EndedAt = instant(wake), instant(ended)
	c.QueuedAt, c.EnqueuedAt, c.AskedAt = time.UnixMicro(queued).UTC(), time.UnixMicro(enqueued).UTC(), time.UnixMicro(asked).UTC()
	c.CreatedAt, c.UpdatedAt, c.NoticedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC(), time.UnixMicro(noticed).UTC()
	if err == nil && score.Valid {
		c.Rating = &Rating{Score: int(score.Int64), Text: text.String, At: instant(rated)}
		err = json.Unmarshal([]byte(reasons.String), &c.Rating.Reasons)
	}
	return c, err
}

// insert writes a new conversation. Its creator makes one only under each id of theirs; "" is none.
func (c *Conversation) insert(ctx context.Context, tx *store.Tx, clientID string) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO conversations (tenant_id, id, number, requester_id, created_by, skill_id, department_id, priority, subject, state,
			preferred_id, preferred_until, queued_at, enqueued_at, asked_at, cycle, last_seq, public_seq, version, created_at, updated_at,
			noticed_version, noticed_at, client_msg_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)`,
		c.ID, c.Number, c.Requester, c.CreatedBy, optional(c.Skill), optional(c.Department), c.Priority, c.Subject, string(c.State),
		optional(c.Preferred), micros(c.PreferredUntil), micros(c.QueuedAt), micros(c.EnqueuedAt), micros(c.AskedAt),
		c.Cycle, c.LastSeq, c.PublicSeq, c.Version, micros(c.CreatedAt), micros(c.UpdatedAt),
		c.NoticedVersion, micros(c.NoticedAt), optional(clientID))
	return err
}

// store writes the conversation, which the transaction has locked.
func (c *Conversation) store(ctx context.Context, tx *store.Tx) error {
	var score, reasons, text, rated any
	if c.Rating != nil {
		list, err := json.Marshal(c.Rating.Reasons)
		if err != nil {
			return err
		}
		score, reasons, text, rated = c.Rating.Score, string(list), c.Rating.Text, micros(c.Rating.At)
	}
	return tx.Later(ctx, `
		UPDATE conversations
		SET skill_id = $3,
			department_id = $4,
			priority = $5,
			subject = $6,
			state = $7,
			assignee_id = $8,
			last_agent_id = $9,
			preferred_id = $10,
			preferred_until = $11,
			queued_at = $12,
			enqueued_at = $13,
			assigned_at = $14,
			asked_at = $15,
			answered_at = $16,
			wake_at = $17,
			ended_at = $18,
			cycle = $19,
			last_seq = $20,
			public_seq = $21,
			rating = $22,
			rating_reasons = $23,
			rating_text = $24,
			rated_at = $25,
			version = $26,
			updated_at = $27,
			noticed_version = $28,
			noticed_at = $29
		WHERE tenant_id = $1 AND id = $2`,
		c.ID, optional(c.Skill), optional(c.Department), c.Priority, c.Subject, string(c.State),
		optional(c.Assignee), optional(c.LastAgent), optional(c.Preferred), micros(c.PreferredUntil),
		micros(c.QueuedAt), micros(c.EnqueuedAt), micros(c.AssignedAt), micros(c.AskedAt), micros(c.AnsweredAt),
		micros(c.WakeAt), micros(c.EndedAt), c.Cycle, c.LastSeq, c.PublicSeq,
		score, reasons, text, rated, c.Version, micros(c.UpdatedAt), c.NoticedVersion, micros(c.NoticedAt))
}

// optional is text that may be missing, as it is stored.
func optional(text string) sql.NullString { return sql.NullString{String: text, Valid: text != ""} }

// micros is an instant that may be missing, as it is stored.
func micros(t time.Time) sql.NullInt64 {
	if t.IsZero() {
		return sql.NullInt64{}
	}
	return sql.NullInt64{Int64: t.UnixMicro(), Valid: true}
}

// instant is the reverse of micros.
func instant(at sql.NullInt64) time.Time {
	if !at.Valid {
		return time.Time{}
	}
	return time.UnixMicro(at.Int64).UTC()
}
