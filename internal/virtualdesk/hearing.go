package virtualdesk

import (
	"context"
	"strings"
	"time"

	"github.com/usher-desk/usher/internal/realtime/client"
)

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
