package virtualdesk

import (
	"encoding/json"
	"strings"
	"time"
)

// told is a message of the server on a live connection.
type told struct {
	Type    string          `json:"type"`
	Stream  string          `json:"stream"`
	Seq     int64           `json:"seq"`
	Prev    *int64          `json:"prev"`
	View    string          `json:"view"`
	Kind    string          `json:"kind"`
	Code    string          `json:"code"`
	Detail  string          `json:"detail"`
	Row     json.RawMessage `json:"row"`
	Message json.RawMessage `json:"message"`
	ID      string          `json:"conversation"`
}

// hear takes in what the server says.
func (c *connection) hear(text []byte) {
	var t told
	if err := json.Unmarshal(text, &t); err != nil {
		c.of.desk.broke(internalError, "%s hears what is no message: %s", c.of, text)
		return
	}
	conversation, said := strings.CutPrefix(t.Stream, conversationStream)
	switch t.Type {
	case "followed", "reset":
		c.starts(&t)
		if said {
			if t.Type == "reset" {
				c.of.sight.restarts(conversation)
			}
			c.of.sight.goesLive(conversation, true)
		}
	case "event", "position":
		if !c.advances(&t) || t.Type == "position" {
			return
		}
		if err := c.takesIn(&t, conversation, said); err != nil {
			c.of.desk.broke(internalError, "%s hears what cannot be read: %v: %s", c.of, err, text)
		}
	case "ended", "error":
		c.of.desk.tally.refused(t.Code)
		c.leaves(t.Stream)
		if said {
			c.of.sight.loses(conversation)
		}
	}
}

// starts notes where a stream begins. A list is asked for once it is followed: nothing is missed between.
func (c *connection) starts(t *told) {
	c.mu.Lock()
	f := c.streams[t.Stream]
	fresh := f != nil && (!f.began || t.Type == "reset")
	if f != nil {
		f.at, f.view, f.began = t.Seq, t.View, true
	}
	c.mu.Unlock()
	if fresh && !strings.HasPrefix(t.Stream, conversationStream) {
		go c.of.lookAgain()
	}
}

// advances holds the number of an event against the one before, and tells whether the event is new.
func (c *connection) advances(t *told) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := c.streams[t.Stream]
	switch {
	case f == nil:
		return false // it was left, and this was under way
	case t.Seq <= f.at:
		c.of.desk.broke(seqRepeated, "%s, %s: event %d after %d", c.of, t.Stream, t.Seq, f.at)
		return false
	case t.Prev != nil && *t.Prev != f.at:
		c.of.desk.broke(seqGap, "%s, %s: event %d comes after %d, and %d is known", c.of, t.Stream, t.Seq, *t.Prev, f.at)
	}
	f.at = t.Seq
	return true
}

// takesIn remembers an event.
func (c *connection) takesIn(t *told, conversation string, said bool) error {
	switch {
	case said && t.Message != nil:
		return c.of.sight.hears(conversation, t.Message)
	case t.Row != nil:
		return c.of.sight.comes(t.Row)
	case t.ID != "":
		c.of.sight.goes(t.ID)
	}
	return nil
}

// leaves forgets a stream that the server has ended.
func (c *connection) leaves(stream string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.streams, stream)
}

// lookAgain asks for the whole list.
func (p *person) lookAgain() {
	asked := time.Now()
	items, err := p.list(p.desk.life, "/v1/conversations", p.listed())
	if err != nil {
		p.desk.surprise(p, err)
		return
	}
	var list []conversation
	for _, item := range items {
		c, err := readConversation(item)
		if err != nil {
			p.desk.surprise(p, err)
			return
		}
		p.desk.judge(p, &c)
		list = append(list, c)
	}
	p.sight.looked(list, asked)
}
