package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/coder/websocket"
)

// most is the largest message that a server sends, in bytes.
const most = 1 << 20

// connect opens a WebSocket and follows on it until it ends. It returns nil when it was open: coming again
// is then no failure.
func (c *Client) connect(ctx context.Context) error {
	token, err := c.config.Token(ctx)
	if err != nil {
		return err
	}
	header := http.Header{"Authorization": {"Bearer " + token}}
	conn, answer, err := websocket.Dial(ctx, c.config.URL+"/v1/realtime", &websocket.DialOptions{
		HTTPClient: c.config.HTTP, HTTPHeader: header, Subprotocols: []string{"usher.v1"},
	})
	if err != nil {
		if answer != nil && (answer.StatusCode == http.StatusUnauthorized || answer.StatusCode == http.StatusForbidden) {
			return fmt.Errorf("%w: %s", ErrRefused, answer.Status)
		}
		return err
	}
	defer conn.CloseNow()
	conn.SetReadLimit(most)
	for _, text := range c.opened(conn) {
		if err := conn.Write(ctx, websocket.MessageText, text); err != nil {
			return err
		}
	}
	defer c.closed()
	heard := false
	for {
		_, text, err := conn.Read(ctx)
		if err != nil && heard {
			return nil
		}
		if err != nil {
			return err
		}
		heard = true
		if err := c.hear(ctx, conn, text); err != nil {
			return err
		}
	}
}

// opened notes the connection, and returns what is to be said on it first.
func (c *Client) opened(conn *websocket.Conn) (texts [][]byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conn = conn
	c.count.Connections++
	for _, s := range c.streams {
		texts = append(texts, s.follow())
	}
	return texts
}

func (c *Client) closed() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conn = nil
}

// follow is the message that follows the stream from where it is.
func (s *stream) follow() []byte {
	m := map[string]any{"type": "follow", "stream": s.name}
	if s.known {
		m["after"] = s.at.Seq
		if s.at.View != "" {
			m["view"] = s.at.View
		}
	}
	text, err := json.Marshal(m)
	if err != nil {
		panic(err) // texts and numbers always marshal
	}
	return text
}

// said is any message of the server.
type said struct {
	Event
	Type string `json:"type"`
	View string `json:"view"`
	User string `json:"user"`
	Code string `json:"code"`
}

// hear does what a message asks for. A stream in which something is missing is followed anew from the last
// that is known.
func (c *Client) hear(ctx context.Context, conn *websocket.Conn, text []byte) error {
	var m said
	if err := json.Unmarshal(text, &m); err != nil {
		return err
	}
	tell, gap := c.take(&m)
	if gap {
		for _, text := range [][]byte{[]byte(`{"type":"unfollow","stream":"` + m.Stream + `"}`), c.again(m.Stream)} {
			if err := conn.Write(ctx, websocket.MessageText, text); err != nil {
				return err
			}
		}
	}
	if tell != nil {
		tell()
	}
	return nil
}

func (c *Client) again(name string) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s := c.streams[name]; s != nil {
		return s.follow()
	}
	return []byte(`{"type":"echo"}`)
}

// take notes what a message says about its stream, and returns whom to tell. gap says that something before
// it is missing.
func (c *Client) take(m *said) (tell func(), gap bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.streams[m.Stream]
	if s == nil {
		return nil, false
	}
	switch m.Type {
	case "followed":
		s.known, s.at = true, Position{m.Seq, m.View}
	case "reset":
		c.count.Resets++
		s.known, s.at = true, Position{m.Seq, m.View}
		return s.handler.Reset, false
	case "event", "position":
		return c.advance(s, m)
	case "ended", "error":
		if m.Code == "already_followed" {
			return nil, false
		}
		delete(c.streams, s.name)
		return func() { call(s.handler.Ended, m.Code) }, false
	case "typing":
		return func() { call(s.handler.Typing, m.User) }, false
	}
	return nil, false
}

// advance notes an event, or that there was none for a while; mu is held.
func (c *Client) advance(s *stream, m *said) (tell func(), gap bool) {
	switch {
	case s.known && m.Seq <= s.at.Seq:
		c.count.Repetitions++
		return nil, false
	case s.known && m.Prev != s.at.Seq:
		c.count.Gaps++
		return nil, true
	}
	s.known, s.at.Seq = true, m.Seq
	if m.Type == "position" {
		return nil, false
	}
	return func() { call(s.handler.Event, m.Event) }, false
}

func call[T any](f func(T), with T) {
	if f != nil {
		f(with)
	}
}
