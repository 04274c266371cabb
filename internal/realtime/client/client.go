// Package client follows streams as the pages do, for tests and simulations: over a WebSocket, which it
// opens again whenever that ends, or by asking again and again where there is none. It says how far it has
// come, so that it is told everything once and in order, and notices when that is not so.
package client

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// Config says whom to follow as.
type Config struct {
	URL   string                                    // of the server, such as https://desk.example
	Token func(ctx context.Context) (string, error) // the access token; asked for at each connection
	HTTP  *http.Client                              // nil for the usual one
	Polls bool                                      // opens no WebSocket, as behind a proxy that knows none

	// Pause is how long to wait after so many failures in a row, at least 1; nil for a random time of up to
	// half a second that doubles with each, and 15 seconds at most.
	Pause func(failures int) time.Duration
}

// Handler is told what happens to one stream, by one goroutine, in order.
type Handler struct {
	Event  func(Event)
	Reset  func()            // everything is to be read anew, now; what follows goes on from there
	Ended  func(code string) // the stream is followed no longer
	Typing func(user string)
}

// Event is one thing that happened.
type Event struct {
	Stream       string          `json:"stream"`
	Seq          int64           `json:"seq"`
	Prev         int64           `json:"prev"`
	Kind         string          `json:"kind"`
	ID           string          `json:"id"`
	Conversation json.RawMessage `json:"conversation"`
	Message      json.RawMessage `json:"message"`
	Board        json.RawMessage `json:"board"`
}

// Position is how far a stream has been followed.
type Position struct {
	Seq  int64
	View string
}

// Client follows streams. Its methods may be called by several goroutines.
type Client struct {
	config Config

	mu      sync.Mutex // guards what follows
	streams map[string]*stream
	conn    *websocket.Conn // nil while there is none
	changed chan struct{}   // closed, and made anew, when a stream is added
	count   Count
}

// Count is what a client has been through.
type Count struct {
	Connections int // that were opened
	Polls       int // that were answered
	Resets      int
	Gaps        int // in what was sent: none are expected
	Repetitions int // of what was known already: none are expected
}

// stream is one that is followed.
type stream struct {
	name    string
	handler Handler
	known   bool // where it is
	at      Position
}

// New returns a client that does nothing until [Client.Run].
func New(config Config) *Client {
	if config.HTTP == nil {
		config.HTTP = http.DefaultClient
	}
	if config.Pause == nil {
		config.Pause = backOff
	}
	return &Client{config: config, streams: map[string]*stream{}, changed: make(chan struct{})}
}

// backOff spreads those who lost the server at the same moment.
func backOff(failures int) time.Duration {
	limit := min(15*time.Second, time.Second/4<<min(failures, 6))
	return rand.N(limit)
}

// Follow follows a stream, from a position on or from now on when there is none.
func (c *Client) Follow(ctx context.Context, name string, from *Position, h Handler) {
	s := &stream{name: name, handler: h}
	if from != nil {
		s.known, s.at = true, *from
	}
	c.mu.Lock()
	c.streams[name] = s
	conn, text := c.conn, s.follow()
	close(c.changed)
	c.changed = make(chan struct{})
	c.mu.Unlock()
	if conn != nil {
		_ = conn.Write(ctx, websocket.MessageText, text) // or the next connection says it
	}
}

// Typing says that the user is typing.
func (c *Client) Typing(ctx context.Context, stream string) { c.say(ctx, "typing", stream) }

// Unfollow leaves a stream.
func (c *Client) Unfollow(ctx context.Context, stream string) {
	c.mu.Lock()
	delete(c.streams, stream)
	c.mu.Unlock()
	c.say(ctx, "unfollow", stream)
}

func (c *Client) say(ctx context.Context, what, stream string) {
	c.mu.Lock()
	conn := c.conn
	c.mu.Unlock()
	if conn != nil {
		text, _ := json.Marshal(map[string]string{"type": what, "stream": stream})
		_ = conn.Write(ctx, websocket.MessageText, text)
	}
}

// At is how far a stream has been followed; false while that is not known.
func (c *Client) At(name string) (Position, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.streams[name]
	if s == nil || !s.known {
		return Position{}, false
	}
	return s.at, true
}

// Count is what the client has been through so far.
func (c *Client) Count() Count {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.count
}

// Break cuts the connection, as a network does. The client comes again.
func (c *Client) Break() {
	c.mu.Lock()
	conn := c.conn
	c.mu.Unlock()
	if conn != nil {
		_ = conn.CloseNow()
	}
}

// ErrRefused ends a client who may not come in.
var ErrRefused = errors.New("client: the server refuses")

// pollAfter is after how many failures in a row events are asked for instead.
const pollAfter = 3

// Run follows until the context ends, whose error it returns, or the server refuses: [ErrRefused].
func (c *Client) Run(ctx context.Context) error {
	for failures := 0; ctx.Err() == nil; {
		var err error
		if c.config.Polls || failures >= pollAfter {
			err = c.poll(ctx)
		} else {
			err = c.connect(ctx)
		}
		switch {
		case errors.Is(err, ErrRefused):
			return err
		case err == nil && c.config.Polls:
			failures = 0
			continue // it has waited at the server
		case err == nil:
			failures = 0 // but thousands may have lost their connection at the same moment
		default:
			failures++
		}
		select {
		case <-time.After(c.config.Pause(max(1, failures))):
		case <-ctx.Done():
		}
	}
	return ctx.Err()
}
