package virtualdesk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/usher-desk/usher/internal/realtime/client"
)

// connection is a person's live connection, while they are there, with the streams that they follow.
type connection struct {
	mu       sync.Mutex // guards what follows
	client   *client.Client
	cancel   context.CancelFunc // nil while hung up
	running  crew
	followed map[string]bool
	at       map[string]client.Position // when it was hung up
	count    client.Count               // of the clients before
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

// connect opens the connection, unless it is open, and goes on where it was.
func (p *person) connect() {
	c := &p.connection
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cancel != nil {
		return
	}
	if c.followed == nil {
		c.followed, c.at = map[string]bool{p.listName(): true}, map[string]client.Position{}
	}
	var ctx context.Context
	ctx, c.cancel = context.WithCancel(p.desk.life)
	c.client = client.New(client.Config{
		URL: anyNode, HTTP: p.http, Token: func(context.Context) (string, error) { return p.bearer(), nil },
		Pause: func(int) time.Duration { return reconnectAfter },
	})
	for name := range c.followed {
		c.client.Follow(ctx, name, c.from(name), p.handler(name, c.client))
	}
	running := c.client
	c.running.goes(func() { p.run(ctx, running) })
}

// reconnectAfter is how long people wait until they try again: not at all, for people, so that the server
// has to bear all of them at once.
const reconnectAfter = 50 * time.Millisecond

// run keeps the connection. Who is refused signs in again: the token may have expired.
func (p *person) run(ctx context.Context, c *client.Client) {
	for errors.Is(c.Run(ctx), client.ErrRefused) {
		if err := p.signIn(ctx); err != nil && !pause(ctx, time.Second) {
			return
		}
	}
}

// from is where a stream is gone on with: nowhere yet is the very beginning, so that nothing is missed.
func (c *connection) from(name string) *client.Position {
	at := c.at[name]
	return &at
}

// hangUp closes the connection, and returns when nothing comes in any more.
func (p *person) hangUp() {
	c := &p.connection
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cancel == nil {
		return
	}
	c.cancel()
	c.running.wait()
	c.cancel = nil
	for name := range c.followed {
		if at, known := c.client.At(name); known {
			c.at[name] = at
		}
	}
	c.count = c.total()
	c.client = nil
}

// total is what all clients of the connection have been through; mu is held.
func (c *connection) total() client.Count {
	sum := c.count
	if c.client != nil {
		now := c.client.Count()
		sum.Connections += now.Connections
		sum.Polls += now.Polls
		sum.Resets += now.Resets
		sum.Gaps += now.Gaps
		sum.Repetitions += now.Repetitions
	}
	return sum
}

// whereabouts tell how a stream stands, for whoever looks for the reason of a difference.
func (p *person) whereabouts(stream string) string {
	p.connection.mu.Lock()
	defer p.connection.mu.Unlock()
	if p.connection.client == nil {
		return "hung up"
	}
	at, known := p.connection.client.At(stream)
	return fmt.Sprintf("at %+v (%v) after %+v", at, known, p.connection.total())
}

// been is total for others.
func (p *person) been() client.Count {
	p.connection.mu.Lock()
	defer p.connection.mu.Unlock()
	return p.connection.total()
}

// follow follows a conversation from its first message on, unless the person does.
func (p *person) follow(conversation string) {
	c, name := &p.connection, conversationStream+conversation
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.followed[name] {
		return
	}
	p.sight.follows(conversation)
	c.followed[name] = true
	delete(c.at, name)
	if c.client != nil {
		c.client.Follow(p.desk.life, name, c.from(name), p.handler(name, c.client))
	}
}

// unfollow leaves a conversation, and forgets what was heard of it.
func (p *person) unfollow(conversation string) {
	c, name := &p.connection, conversationStream+conversation
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.followed, name)
	if c.client != nil {
		c.client.Unfollow(p.desk.life, name)
	}
	p.sight.forgets(conversation)
}

// handler is told what happens to a stream. It is called while the connection is hung up too, so that it
// must not wait for that.
func (p *person) handler(name string, of *client.Client) client.Handler {
	conversation, said := strings.CutPrefix(name, conversationStream)
	h := client.Handler{
		Event: func(e client.Event) { p.notice(p.takesIn(conversation, e, link{of, of.Count().Connections})) },
		Reset: func() { p.notice(p.looks(p.desk.life)) },
		Ended: func(code string) { p.desk.tally.refused(code) },
	}
	if said {
		h.Reset = func() { p.notice(p.looksInto(p.desk.life, conversation)) }
		h.Ended = func(code string) {
			p.desk.tally.refused(code)
			go p.leaves(conversation)
		}
	}
	return h
}

// leaves forgets a stream that the server has ended.
func (p *person) leaves(conversation string) {
	p.connection.mu.Lock()
	defer p.connection.mu.Unlock()
	delete(p.connection.followed, conversationStream+conversation)
	p.sight.loses(conversation)
}

// link is one connection: of a client, its so manieth.
type link struct {
	client *client.Client
	number int
}

// takesIn remembers an event.
func (p *person) takesIn(conversation string, e client.Event, over link) error {
	switch e.Kind {
	case "message":
		return p.sight.hears(conversation, e.Message, over)
	case "row":
		return p.sight.comes(e.Conversation)
	case "gone":
		p.sight.goes(e.ID)
	}
	return nil
}

// notice notes that something came which cannot be read.
func (p *person) notice(err error) {
	if err != nil && p.desk.life.Err() == nil {
		p.desk.broke(unreadable, "%s: %v", p, err)
	}
}

// looks asks for the whole list.
func (p *person) looks(ctx context.Context) error {
	asked := time.Now()
	items, err := p.list(ctx, "/v1/conversations", p.listed())
	if err != nil {
		return err
	}
	var list []conversation
	for _, item := range items {
		c, err := readConversation(item)
		if err != nil {
			return err
		}
		p.desk.judge(p, &c)
		list = append(list, c)
	}
	p.sight.looked(list, asked)
	return nil
}

// looksInto asks for everything that was said in a conversation.
func (p *person) looksInto(ctx context.Context, conversation string) error {
	items, err := p.messages(ctx, conversation)
	if err != nil {
		return err
	}
	p.sight.restarts(conversation)
	for _, item := range items {
		if err := p.sight.hears(conversation, item, link{}); err != nil {
			return err
		}
	}
	return nil
}
