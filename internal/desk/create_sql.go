package desk

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// servingDepartment is the department that handles conversations with the skill, "" for none: that of the
// skill, else the desk's fallback. Only skills that are offered count.
func servingDepartment(ctx context.Context, tx *store.Tx, place, skill string) (string, error) {
	var department, fallback sql.NullString
	err := tx.QueryRow(ctx, `
		SELECT k.department_id, s.fallback_department_id
		FROM skills k
		LEFT JOIN desk_settings s ON s.tenant_id = $1
		WHERE k.tenant_id = $1 AND k.id = $2 AND k.active`, []any{skill}, &department, &fallback)
	if errors.Is(err, store.ErrNotFound) {
		return "", fault.ErrInvalid.At(place, "there is no such skill, or it is not offered any more")
	}
	if department.Valid {
		return department.String, err
	}
	return fallback.String, err
}

// mustBeActive refuses whoever is no active user of the tenant.
func mustBeActive(ctx context.Context, tx *store.Tx, place, user string) error {
	var n int
	err := tx.QueryRow(ctx, `
		SELECT count(*)
		FROM users u
		WHERE u.tenant_id = $1 AND u.id = $2 AND u.active`, []any{user}, &n)
	if err == nil && n == 0 {
		err = fault.ErrInvalid.At(place, "there is no such user, or they are disabled")
	}
	return err
}

// findCreated finds the conversation that somebody made under an id of theirs; [store.ErrNotFound] for none.
func findCreated(ctx context.Context, tx *store.Tx, creator, clientID string) (Conversation, error) {
	if clientID == "" {
		return Conversation{}, store.ErrNotFound
	}
	return store.One(ctx, tx, scanConversation, `SELECT`+conversationColumns+`
		FROM conversations c
		WHERE c.tenant_id = $1 AND c.created_by = $2 AND c.client_msg_id = $3`, creator, clientID)
}

// lately is how long somebody is remembered as the requester's agent.
const lately = 24 * time.Hour

// help is that an agent helped a requester not long ago.
type help struct {
	agent, conversation string
	until               time.Time // the agent goes first, in a conversation that begins now
}

// lastHelp is the help that the requester got last; the zero value for none.
func lastHelp(ctx context.Context, tx *store.Tx, requester string) (h help, err error) {
	settings, err := loadSettings(ctx, tx)
	if err != nil || settings.PreferLast == 0 {
		return help{}, err
	}
	err = tx.QueryRow(ctx, `
		SELECT t.agent_id, c.id
		FROM conversations c
		JOIN tenures t ON t.tenant_id = $1 AND t.conversation_id = c.id
		WHERE c.tenant_id = $1 AND c.requester_id = $2 AND c.noticed_at > $3 AND (t.ended_at IS NULL OR t.ended_at > $3)
		ORDER BY t.started_at DESC, t.id DESC
		LIMIT 1`, []any{requester, tx.Now.Add(-lately).UnixMicro()}, &h.agent, &h.conversation)
	if errors.Is(err, store.ErrNotFound) {
		return help{}, nil
	}
	h.until = tx.Now.Add(settings.PreferLast)
	return h, err
}

// countOpen counts the requests of somebody's that have not ended.
func countOpen(ctx context.Context, tx *store.Tx, requester string) (open int, err error) {
	err = tx.QueryRow(ctx, `
		SELECT count(*)
		FROM conversations c
		WHERE c.tenant_id = $1 AND c.requester_id = $2 AND c.state IN ('queued', 'active', 'on_hold', 'parked')`, []any{requester}, &open)
	return open, err
}
