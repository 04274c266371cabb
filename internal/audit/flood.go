package audit

import (
	"context"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/trail"
)

// floods keeps strangers from filling the disk with refusals. The first refusals of callers who are
// not authenticated are recorded one by one, per network, route and minute; the rest of the minute
// becomes one record with a count.
type floods struct {
	mu      sync.Mutex // guards counts
	counts  map[flood]int64
	stopped chan struct{}
	done    chan struct{}
	once    sync.Once
}

// flood is one stream of refusals.
type flood struct {
	network string
	op      *api.Operation
}

// singly is how many refusals a minute, per network and route, have a record each.
const singly = 20

func newFloods() *floods {
	return &floods{counts: map[flood]int64{}, stopped: make(chan struct{}), done: make(chan struct{})}
}

// absorb tells whether the call is one refusal too many to have a record of its own.
func (f *floods) absorb(call *api.Call) bool {
	if call.Caller != nil || call.Status < 400 {
		return false
	}
	key := flood{Network(call.Address), call.Operation}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.counts[key]++
	return f.counts[key] > singly
}

// Network is the neighbourhood that an address is counted with: /24 of IPv4, /64 of IPv6.
func Network(a netip.Addr) string {
	bits := 64
	if a.Is4() {
		bits = 24
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return "unknown"
	}
	return p.String()
}

// start writes a summary at the end of each minute.
func (f *floods) start(write func(flood, int64)) {
	go func() {
		defer close(f.done)
		ticker := time.NewTicker(time.Minute)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				f.flush(write)
			case <-f.stopped:
				f.flush(write)
				return
			}
		}
	}()
}

func (f *floods) stop() {
	f.once.Do(func() { close(f.stopped) })
	<-f.done
}

func (f *floods) flush(write func(flood, int64)) {
	f.mu.Lock()
	counts := f.counts
	f.counts = map[flood]int64{}
	f.mu.Unlock()
	for key, n := range counts {
		if n > singly {
			write(key, n-singly)
		}
	}
}

// summarise writes one record for n refusals of one network on one route.
func (s *Service) summarise(key flood, n int64) {
	now := s.config.DB.Now()
	call := &api.Call{
		ID: store.NewID(now), Started: now, Operation: key.op,
		Status: 429, Code: "flood", Count: n,
	}
	call.Request = call.ID
	e, err := s.entryOf(call, PlatformTenant, call.Status)
	if err == nil {
		e.record.Outcome.MS = 0
		var c trail.Commitment
		if c, err = e.commit("context.personal.network", key.network); err == nil {
			e.record.Context.Personal["network"] = c
			err = e.encode()
		}
	}
	if err == nil {
		err = s.committer.commit(context.Background(), PlatformTenant, e)
	}
	if err != nil {
		slog.Error("the summary of a flood of refusals was not recorded", "route", key.op.ID, "count", n, "cause", err)
	}
}
