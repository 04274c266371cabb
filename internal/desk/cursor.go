package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// errNotInTalk keeps those who look on from moving anything.
var errNotInTalk = fault.Define(fault.Conflict, "not_in_conversation", "Only the requester and the assignee say how far they have read.", "只有提问人和受理坐席的阅读进度会被记录。",
	"Do not send a cursor for a conversation that you only look at.")

// Cursor is how far somebody has been sent and has read a conversation, in their own numbering. It only
// moves forward, and what was read was delivered.
type Cursor struct {
	Delivered int64
	Read      int64
}

// within is the cursor without what has not been said yet.
func (c Cursor) within(last int64) Cursor {
	c.Read = min(c.Read, last)
	return Cursor{Delivered: max(min(c.Delivered, last), c.Read), Read: c.Read}
}

// moveCursor notes how far the caller has come. It leaves the conversation's row alone: reading holds
// nobody up.
func (s *Service) moveCursor(ctx context.Context, by *caller.Caller, id string, to Cursor) (at Cursor, err error) {
	err = s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		c, err := findConversation(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := mayMoveCursor(by, &c); err != nil {
			return err
		}
		r := reader{user: by.User, requester: by.User == c.Requester}
		if at, err = advance(ctx, tx, id, by.User, to.within(r.last(&c))); err != nil {
			return err
		}
		tx.AfterCommit(func() { s.cursorMoved(by.Tenant, id) })
		api.Touched(ctx, "conversation", id)
		return s.config.Audit.Append(ctx, tx)
	})
	return at, err
}

// mayMoveCursor lets in the two whose cursors mean something to each other.
func mayMoveCursor(by *caller.Caller, c *Conversation) error {
	permission := "conversation:update"
	if by.User == c.Requester {
		permission = "conversation:reply"
	}
	if err := by.Require(permission, c.object(by.Tenant)); err != nil {
		return err
	}
	switch {
	case by.Visit != nil:
		return caller.ErrVisitorIsNobody
	case by.User != c.Requester && by.User != c.Assignee:
		return errNotInTalk
	}
	return nil
}

// cursorMoved tells those who follow the conversation on this and other nodes. It is no event: whoever
// misses it reads the cursors with the conversation.
func (s *Service) cursorMoved(tenant, conversation string) {
	if s.config.CursorMoved != nil {
		s.config.CursorMoved(tenant, conversation)
	}
}

// cursors are how far the two in a conversation have come, in the numbering of whoever looks.
type cursors struct{ requester, assignee Cursor }

// cursorsOf reads the cursors of a conversation for the reader.
func cursorsOf(ctx context.Context, tx *store.Tx, c *Conversation, r reader) (both cursors, err error) {
	if both.requester, err = findCursor(ctx, tx, c.ID, c.Requester); err != nil {
		return both, err
	}
	if both.assignee, err = findCursor(ctx, tx, c.ID, c.Assignee); err != nil {
		return both, err
	}
	other, translate := &both.requester, toSeq
	if r.requester {
		other, translate = &both.assignee, toPublicSeq
	}
	for _, position := range []*int64{&other.Delivered, &other.Read} {
		if *position, err = translate(ctx, tx, c.ID, *position); err != nil {
			return both, err
		}
	}
	return both, nil
}
