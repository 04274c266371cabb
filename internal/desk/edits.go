package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/store"
)

// edits are changes of several conversations in one transaction. All conversations are locked before anything
// else is, in the order of their ids, and what everybody waits for comes after all of them.
type edits []*edit

// lockAll begins edits of conversations, by id; of those that are there.
func (s *Service) lockAll(ctx context.Context, tx *store.Tx, ids []string) (edits, error) {
	found, err := lockConversations(ctx, tx, ids)
	var all edits
	for _, c := range found {
		if tx.Now.Before(c.UpdatedAt) { // it began before what it waited for, or on a node whose clock is behind
			tx.Now = c.UpdatedAt
		}
		all = append(all, &edit{service: s, tx: tx, before: c, now: c})
	}
	return all, err
}

// of returns the edit of a conversation; nil when it is not among them.
func (all edits) of(id string) *edit {
	for _, e := range all {
		if e.now.ID == id {
			return e
		}
	}
	return nil
}

// finish stores what the edits made of their conversations, and has whoever follows them told, once that has
// committed.
func (all edits) finish(ctx context.Context) error {
	if err := all.settleSupervisions(ctx); err != nil {
		return err
	}
	var followed edits
	for _, e := range all {
		if e.anything {
			if err := e.keep(ctx); err != nil {
				return err
			}
		}
		if e.anything || e.told {
			followed = append(followed, e)
		}
	}
	return followed.happened(ctx)
}
