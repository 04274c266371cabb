package realtime

import (
	"context"
	"strings"
	"time"

	"github.com/usher-desk/usher/internal/cluster"
)

// utterance is that somebody is typing. It is never stored, and nobody counts on it.
type utterance struct{ stream, user string }

// maxUtterances bounds what waits for a tail that is busy.
const maxUtterances = 256

// typing tells the others who follow a stream that the user is typing. Of those whom nobody else sees, and
// of too much, nothing is told.
func (s *socket) typing(m message) error {
	f := s.follows[m.Stream]
	if f == nil || f.over.Load() {
		return errNotFollowed
	}
	if now := time.Now(); f.speaks.Load() && now.Sub(s.typed) >= s.service.config.Limits.Typing {
		s.typed = now
		_ = s.service.config.Cluster.Publish(context.Background(), cluster.Message{
			Tenant: s.who.Tenant, Topic: aboutTyping, Payload: m.Stream + " " + s.who.User,
		})
	}
	return nil
}

// heardTyping passes on what a node has said, to the tail of the tenant if there is one here.
func (s *Service) heardTyping(m cluster.Message) {
	stream, user, ok := strings.Cut(m.Payload, " ")
	if !ok {
		return
	}
	s.tails.mu.Lock()
	defer s.tails.mu.Unlock()
	its := s.tails.byTenant[m.Tenant]
	if its == nil || len(its.typing) >= maxUtterances {
		return
	}
	its.typing = append(its.typing, utterance{stream, user})
	its.rouse()
}

// show shows somebody typing to everybody else who follows the stream.
func (t *tail) show(u utterance) {
	var shared Content
	for f := range t.feed.Followers(u.stream) {
		if f.User == u.user {
			continue
		}
		if shared == nil {
			shared = encode(typingMessage{Type: typeTyping, Stream: u.stream, User: u.user})
		}
		f.to.put(frame{what: typeTyping, shared: shared})
	}
}

// typingMessage is how it is shown.
type typingMessage struct {
	Type   string `json:"type"`
	Stream string `json:"stream"`
	User   string `json:"user"`
}
