package realtime

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/usher-desk/usher/internal/caller"
)

// Presence is who is to know which users have a connection to this node. Its functions may take their
// time; what fails is tried again with the next report.
type Presence struct {
	// Present says that these users of a tenant are there: when the first connection of one opens, and of
	// all of them again and again.
	Present func(ctx context.Context, tenant string, users []string) error
	// Absent says that the last connection of a user has closed.
	Absent func(ctx context.Context, tenant, user string) error
	// Polled says that a user without a connection has asked for events.
	Polled func(ctx context.Context, tenant, user string) error
}

// presence counts the connections of users and reports what changes, on a goroutine of its own.
type presence struct {
	to    Presence
	every time.Duration
	news  chan struct{} // full when somebody came or went
	done  chan struct{} // closed at the end
	once  sync.Once
	ended sync.WaitGroup

	mu      sync.Mutex // guards what follows
	counts  map[userKey]int
	changed map[userKey]struct{} // whose first came or last went, since the last report
}

func newPresence(to Presence, every time.Duration) *presence {
	return &presence{
		to: to, every: every, news: make(chan struct{}, 1), done: make(chan struct{}),
		counts: map[userKey]int{}, changed: map[userKey]struct{}{},
	}
}

func (p *presence) arrive(user userKey) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.counts[user]++; p.counts[user] == 1 {
		p.tell(user)
	}
}

func (p *presence) depart(user userKey) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.counts[user]--; p.counts[user] == 0 {
		delete(p.counts, user)
		p.tell(user)
	}
}

// tell has a change reported; mu is held.
func (p *presence) tell(user userKey) {
	if p.to.Present == nil {
		return
	}
	p.changed[user] = struct{}{}
	select {
	case p.news <- struct{}{}:
	default: // it will be seen
	}
}

func (p *presence) start() {
	if p.to.Present != nil {
		p.ended.Go(p.run)
	}
}

// stop reports what there is left to report, and ends.
func (p *presence) stop() {
	p.once.Do(func() { close(p.done) })
	p.ended.Wait()
}

func (p *presence) run() {
	ticker := time.NewTicker(p.every)
	defer ticker.Stop()
	for {
		select {
		case <-p.done:
			p.reportChanges()
			return
		case <-p.news:
			p.reportChanges()
		case <-ticker.C:
			p.reportAll()
		}
	}
}

// reportChanges reports who has come and who has gone. Of somebody who did both, how it ended.
func (p *presence) reportChanges() {
	p.mu.Lock()
	there, gone := map[string][]string{}, []userKey(nil)
	for user := range p.changed {
		if p.counts[user] > 0 {
			there[user.tenant] = append(there[user.tenant], user.user)
		} else {
			gone = append(gone, user)
		}
	}
	clear(p.changed)
	p.mu.Unlock()
	p.present(there)
	for _, user := range gone {
		p.report(user.tenant, func(ctx context.Context) error { return p.to.Absent(ctx, user.tenant, user.user) })
	}
}

// reportAll reports everybody who is there.
func (p *presence) reportAll() {
	p.mu.Lock()
	there := map[string][]string{}
	for user := range p.counts {
		there[user.tenant] = append(there[user.tenant], user.user)
	}
	p.mu.Unlock()
	p.present(there)
}

func (p *presence) present(there map[string][]string) {
	for tenant, users := range there {
		p.report(tenant, func(ctx context.Context) error { return p.to.Present(ctx, tenant, users) })
	}
}

// reportTime bounds one report.
const reportTime = 10 * time.Second

func (p *presence) report(tenant string, tell func(context.Context) error) {
	ctx, cancel := context.WithTimeout(context.Background(), reportTime)
	defer cancel()
	if err := tell(ctx); err != nil {
		slog.Error("presence was not noted", "tenant", tenant, "cause", err)
	}
}

// polled reports that somebody has asked for events, unless a connection says that they are there.
func (p *presence) polled(ctx context.Context, who *caller.Caller) error {
	p.mu.Lock()
	connected := p.counts[userKey{who.Tenant, who.User}] > 0
	p.mu.Unlock()
	if p.to.Polled == nil || connected {
		return nil
	}
	return p.to.Polled(ctx, who.Tenant, who.User)
}
