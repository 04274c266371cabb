package realtime

import (
	"context"

	"github.com/usher-desk/usher/internal/cluster"
)

// What nodes tell each other. A notice says that something happened to a tenant, and nothing more: what it
// was stands in the database, for every node to read by itself.
const (
	aboutEvents cluster.Topic = "events"
	aboutTyping cluster.Topic = "typing"
)

func (s *Service) subscribe() {
	s.config.Cluster.Subscribe(aboutEvents, func(m cluster.Message) { s.tails.notice(m.Tenant) }, s.tails.noticeAll)
	s.config.Cluster.Subscribe(aboutTyping, s.heardTyping, func() {})
}

// Notify has every node look for what has happened to a tenant. It is called after the commit. That it did
// not get through is no error: the nodes look by themselves a second later.
func (s *Service) Notify(tenant string) {
	_ = s.config.Cluster.Publish(context.Background(), cluster.Message{Tenant: tenant, Topic: aboutEvents})
}
