package desk

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/usher-desk/usher/internal/realtime"
)

// contents are what events say, each encoded once for all who see the same.
type contents struct {
	view   *view
	around mentioned

	rows     map[rowKey]realtime.Content
	messages map[messageKey]realtime.Content
}

// rowKey is what a row depends on besides the conversation: the face, and how much the reader has not read.
type rowKey struct {
	conversation string
	requester    bool
	unread       int64
}

type messageKey struct {
	id        string
	requester bool
	author    bool // who alone sees their own id of the message
}

func newContents() *contents {
	return &contents{rows: map[rowKey]realtime.Content{}, messages: map[messageKey]realtime.Content{}}
}

// row is the event that a row is now this.
func (c *contents) row(of *Conversation, r reader) realtime.Content {
	key := rowKey{of.ID, r.requester, c.view.unread[of.ID][r.user]}
	if c.rows[key] == nil {
		c.rows[key] = realtime.NewContent("row", "conversation", encoded(c.view.row(of, r)))
	}
	return c.rows[key]
}

// gone is the event that a conversation is not in the list any more.
func (c *contents) gone(id string) realtime.Content {
	return realtime.NewContent("gone", "id", encoded(id))
}

// message is the event that something was said.
func (c *contents) message(m *Message, r reader) realtime.Content {
	key := messageKey{m.ID, r.requester, m.Author == r.user}
	if c.messages[key] == nil {
		c.messages[key] = realtime.NewContent("message", "message", encoded(m.json(r, c.around)))
	}
	return c.messages[key]
}

// encoded is a value as the API answers it: nothing is escaped that need not be.
func encoded(v any) []byte {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Errorf("desk: an event that cannot be written: %w", err))
	}
	return bytes.TrimSpace(text.Bytes())
}
