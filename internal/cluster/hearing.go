package cluster

import (
	"strings"
	"sync"
)

// hearing knows who on this node wants to hear what.
type hearing struct {
	mu   sync.RWMutex // guards what follows
	subs []subscriber
}

type subscriber struct {
	topic  Topic
	heard  func(Message)
	missed func()
}

func (h *hearing) add(topic Topic, heard func(Message), missed func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.subs = append(h.subs, subscriber{topic, heard, missed})
}

func (h *hearing) deliver(m Message) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	for _, s := range h.subs {
		if s.topic == m.Topic {
			s.heard(m)
		}
	}
}

// missed tells everybody that messages may have been lost.
func (h *hearing) missed() {
	h.mu.RLock()
	defer h.mu.RUnlock()
	for _, s := range h.subs {
		s.missed()
	}
}

// channelEnd is how every channel of ours ends; it begins with the tenant.
const channelEnd = ":usher"

// note writes a message: who sent it, its topic, and its payload, which may hold anything.
func (c *Cluster) note(m Message) note {
	return note{m.Tenant + channelEnd, c.self + " " + string(m.Topic) + " " + m.Payload}
}

// hear passes on what another node has sent. What is no message of ours is let go.
func (c *Cluster) hear(n note) {
	tenant, ours := strings.CutSuffix(n.channel, channelEnd)
	parts := strings.SplitN(n.text, " ", 3)
	if ours && len(parts) == 3 && parts[0] != c.self {
		c.hearing.deliver(Message{tenant, Topic(parts[1]), parts[2]})
	}
}
