package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/store"
)

// unread says, for each conversation, how many messages its requester and whoever holds it have not read. What
// the desk itself says does not count, nor what they said themselves, nor what they do not see: a count
// would tell of it.
func unread(ctx context.Context, tx *store.Tx, list []Conversation) (map[string]map[string]int64, error) {
	counts := map[string]map[string]int64{}
	if err := countUnread(ctx, tx, counts, unreadByRequester, idsOf(list)); err != nil {
		return nil, err
	}
	return counts, countUnread(ctx, tx, counts, unreadByHolder, heldOf(list))
}

func countUnread(ctx context.Context, tx *store.Tx, counts map[string]map[string]int64, query string, conversations store.Set) error {
	if len(conversations) == 0 {
		return nil
	}
	w := tx.Where("c")
	w.And("c.id IN ?", conversations)
	w.And("c.last_seq > 0") // stands in the row alone: SQLite would rather read a whole index than a few rows
	return each(ctx, tx, func(r store.Row) error {
		var conversation, user string
		var n int64
		err := r.Scan(&conversation, &user, &n)
		if counts[conversation] == nil {
			counts[conversation] = map[string]int64{}
		}
		counts[conversation][user] = n
		return err
	}, query+w.String(), w.Args()...)
}

const unreadByRequester = `
		SELECT c.id, c.requester_id, (
			SELECT count(*)
			FROM messages m
			WHERE m.tenant_id = $1 AND m.conversation_id = c.id AND m.author_id <> c.requester_id AND m.public_seq > coalesce((
				SELECT r.read_seq
				FROM conversation_cursors r
				WHERE r.tenant_id = $1 AND r.conversation_id = c.id AND r.user_id = c.requester_id), 0))
		FROM conversations c`

const unreadByHolder = `
		SELECT c.id, c.assignee_id, (
			SELECT count(*)
			FROM messages m
			WHERE m.tenant_id = $1 AND m.conversation_id = c.id AND m.author_id <> c.assignee_id AND
				(m.kind <> 'whisper' OR m.listener_id = c.assignee_id) AND m.seq > coalesce((
				SELECT r.read_seq
				FROM conversation_cursors r
				WHERE r.tenant_id = $1 AND r.conversation_id = c.id AND r.user_id = c.assignee_id), 0))
		FROM conversations c`
