package virtualdesk

import (
	"context"
	"errors"
	"fmt"
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
