package virtualdesk

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// connection is a person's live connection: the streams that they follow, how far they are in each, and the
// socket while there is one. It connects again, and goes on where it was, until it is hung up.
type connection struct {
	of *person

	mu      sync.Mutex // guards what follows
	streams map[string]*followed
	socket  *websocket.Conn
	cancel  context.CancelFunc // nil while hung up
	done    chan struct{}
}

// followed is one stream.
type followed struct {
	at    int64  // the last position that is known
	view  string // by which rules
	began bool   // at is known at all
}

// The streams. That of a conversation has its id behind the slash.
const (
	listStream         = "conversations"
	mineStream         = "mine"
	conversationStream = "conversation/"
)

// listName is the stream of the person's list.
func (p *person) listName() string {
	if p.part == asRequester {
		return mineStream
	}
	return listStream
}

// connect opens the connection, unless it is open.
func (p *person) connect() {
	c := &p.connection
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cancel != nil {
		return
	}
	if c.streams == nil {
		c.of, c.streams = p, map[string]*followed{p.listName(): {}}
	}
	ctx, cancel := context.WithCancel(context.Background())
	c.cancel, c.done = cancel, make(chan struct{})
	go c.run(ctx, c.done)
}

// hangUp closes it, and returns when nothing comes in any more.
func (p *person) hangUp() {
	c := &p.connection
	c.mu.Lock()
	cancel, done := c.cancel, c.done
	c.cancel = nil
	c.mu.Unlock()
	if cancel != nil {
		cancel()
		<-done
	}
}

// follow follows a conversation from its first message on, unless the person does.
func (p *person) follow(conversation string) {
	c, name := &p.connection, conversationStream+conversation
	p.sight.follows(conversation)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.streams[name] != nil {
		return
	}
	c.streams[name] = &followed{began: true}
	c.ask(name)
}

// unfollow leaves a conversation, and forgets what was heard of it.
func (p *person) unfollow(conversation string) {
	c, name := &p.connection, conversationStream+conversation
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.streams[name] != nil {
		delete(c.streams, name)
		c.write(map[string]any{"type": "unfollow", "stream": name})
	}
	p.sight.forgets(conversation)
}

// ask has the server send a stream from where the person is; mu is held.
func (c *connection) ask(name string) {
	f := c.streams[name]
	m := map[string]any{"type": "follow", "stream": name}
	if f.began {
		m["after"] = f.at
	}
	if f.view != "" {
		m["view"] = f.view
	}
	c.write(m)
}

// write sends something, if there is a socket; what cannot be sent is asked again on the next one. mu is held.
func (c *connection) write(v any) {
	if c.socket == nil {
		return
	}
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // maps of texts and numbers always marshal
	}
	ctx, cancel := context.WithTimeout(context.Background(), answerTime)
	defer cancel()
	if err := c.socket.Write(ctx, websocket.MessageText, text); err != nil {
		_ = c.socket.CloseNow()
	}
}

// run connects, listens, and connects again after a moment when the connection is gone.
func (c *connection) run(ctx context.Context, done chan struct{}) {
	defer close(done)
	for first := true; ; first = false {
		if !first {
			c.of.desk.tally.reconnected()
			c.of.elsewhere()
		}
		c.session(ctx)
		if !pause(ctx, 100*time.Millisecond) {
			return
		}
	}
}

// session is one socket from its handshake to its end.
func (c *connection) session(ctx context.Context) {
	socket, response, err := websocket.Dial(ctx, c.of.base()+"/v1/realtime", &websocket.DialOptions{
		HTTPHeader: http.Header{"Authorization": {"Bearer " + c.of.bearer()}},
	})
	if err != nil {
		if response != nil && response.StatusCode == http.StatusUnauthorized {
			_ = c.of.signIn(ctx) // when it fails, the next handshake does
		}
		return
	}
	defer socket.CloseNow()
	socket.SetReadLimit(-1)
	c.begin(socket)
	defer c.end()
	for {
		_, text, err := socket.Read(ctx)
		if err != nil {
			return
		}
		c.hear(text)
	}
}

// begin asks for all streams on a new socket.
func (c *connection) begin(socket *websocket.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.socket = socket
	for name := range c.streams {
		c.ask(name)
	}
}

// end forgets the socket. What is missed until the next one says nothing about how fast messages arrive.
func (c *connection) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.socket = nil
	for name := range c.streams {
		if conversation, is := strings.CutPrefix(name, conversationStream); is {
			c.of.sight.goesLive(conversation, false)
		}
	}
}
