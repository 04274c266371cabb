package audit

import (
	"context"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/chore"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/trail"
)

// floods keeps strangers from filling the disk. The first calls of callers who are not authenticated
// are recorded one by one, per network, route, outcome and minute; the rest of the minute becomes one
// record with a count. Most are refusals; signing out of nothing succeeds, and must not fill it either.
// So it is with calls of somebody who calls too often: they are refused before anybody looks at them, per
// user, and what their trail shows is that, how often, and until when.
type floods struct {
	minutes chore.Chore

	mu     sync.Mutex
	counts map[flood]int64 // guarded by mu
}

// flood is one stream of calls that changed nothing.
type flood struct {
	tenant, user string // whose they are; "" for strangers, and user for those who came after [maxStreams] others
	network      string // of strangers; "" for the networks that came after [maxStreams] others
	op           *api.Operation
	refused      bool
}

const (
	// singly is how many calls a minute, per stream, have a record each.
	singly = 20
	// maxStreams bounds the memory of one minute, and what a stranger with many networks can have
	// written in it. Networks beyond it are counted together, per route.
	maxStreams = 1024
)

func newFloods() *floods {
	return &floods{counts: map[flood]int64{}}
}

// absorb tells whether the call is one too many to have a record of its own. Who signed in is no
// stranger any more, and is counted only when they are told to come later.
func (f *floods) absorb(call *api.Call) bool {
	key := flood{op: call.Operation, refused: call.Status >= 400}
	switch who := call.Caller; {
	case call.Machine:
		return false
	case who == nil:
		key.network = Network(call.Address)
	case call.Code == fault.ErrTooMany.Name:
		key.tenant, key.user = who.Tenant, who.User
	default:
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	key = f.stream(key)
	f.counts[key]++
	return f.counts[key] > singly
}

// stream is what a call is counted with. f.mu is held.
func (f *floods) stream(key flood) flood {
	if _, known := f.counts[key]; !known && len(f.counts) >= maxStreams {
		key.network, key.user = "", ""
	}
	return key
}

// Network is the neighbourhood that an address is counted with: /24 of IPv4, /64 of IPv6.
func Network(a netip.Addr) string {
	if !a.IsValid() {
		return "unknown"
	}
	a = a.Unmap()
	bits := 64
	if a.Is4() {
		bits = 24
	}
	return netip.PrefixFrom(a.WithZone(""), bits).Masked().String()
}

// start writes the summaries of each minute at its end.
func (f *floods) start(write func(flood, int64) error) {
	f.minutes.Start(time.Minute, func() { f.flush(write) })
}

// stop writes the summaries of the minute that was not full.
func (f *floods) stop(write func(flood, int64) error) {
	f.minutes.Stop()
	f.flush(write)
}

func (f *floods) flush(write func(flood, int64) error) {
	f.mu.Lock()
	counts := f.counts
	f.counts = map[flood]int64{}
	f.mu.Unlock()
	for key, n := range counts {
		if n <= singly {
			continue
		}
		if err := write(key, n-singly); err != nil {
			slog.Error("the summary of a flood was not recorded", "route", key.op.ID, "count", n-singly, "cause", err)
			f.postpone(key, n-singly)
		}
	}
}

// postpone adds what could not be written to the summary of the next minute.
func (f *floods) postpone(key flood, n int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	key = f.stream(key)
	f.counts[key] = max(f.counts[key], singly) + n
}

// summarise writes one record for n calls of one network or user on one route. It has no code, for nothing
// was answered to all of them together.
func (s *Service) summarise(key flood, n int64) error {
	now := s.config.DB.Now()
	id := store.NewID(now)
	call := &api.Call{ID: id, Request: id, Operation: key.op, Trail: key.tenant}
	if key.user != "" {
		call.Caller = &caller.Caller{Tenant: key.tenant, User: key.user}
	}
	e, err := s.entryOf(call, homeOf(call), now, 0)
	if err != nil {
		return err
	}
	e.record.Outcome = trail.Outcome{Result: trail.Success, N: n}
	if key.refused {
		e.record.Outcome.Result, e.record.Outcome.Reason = trail.Failure, fault.ErrTooMany.Name
	}
	if err := e.commitPersonal("network", key.network); err != nil {
		return err
	}
	if err := e.encode(); err != nil {
		return err
	}
	return s.committer.commit(context.Background(), e)
}
