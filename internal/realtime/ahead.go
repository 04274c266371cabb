package realtime

import (
	"context"
	"sync"

	"github.com/usher-desk/usher/internal/caller"
)

const (
	// few callers of a tenant ask each for themselves: together they would ask no less often.
	few = 3
	// maxAhead bounds how many tenants are asked about at once.
	maxAhead = 8
)

// askAhead asks about all connections of each tenant together, as often as each of them asks: what they
// ask is then known. When it fails they find out by themselves.
func (s *Service) askAhead() {
	ctx, cancel := context.WithTimeout(context.Background(), s.config.Limits.Doubt)
	defer cancel()
	var all sync.WaitGroup
	room := make(chan struct{}, maxAhead)
	for tenant, callers := range s.hub.callers() {
		if len(callers) < few {
			continue
		}
		room <- struct{}{}
		all.Go(func() {
			defer func() { <-room }()
			_ = s.config.Sessions.AskAhead(ctx, tenant, callers)
		})
	}
	all.Wait()
}

// callers are those of all connections, by tenant.
func (h *hub) callers() map[string][]*caller.Caller {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := map[string][]*caller.Caller{}
	for user, sockets := range h.byUsers {
		for s := range sockets {
			all[user.tenant] = append(all[user.tenant], s.who)
		}
	}
	return all
}
