package audit

import (
	"cmp"
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
// So it is with two refusals of those who are signed in, per user: of what comes too often, and of what there is no
// room for. Nobody looks at what was asked, and what their trail shows is that, how often, and until when. They
// count for all routes together: there are hundreds, and one user must not have twenty records of each. Decision 0021 says
// why they are counted at all.
//
// While the disk is nearly full strangers are one stream, from wherever and at whatever address: with a network for each of
// them they could use up in minutes what is kept for refusals.
type floods struct {
	minutes chore.Chore
	room    func() bool // nil where there always is

	mu     sync.Mutex
	counts map[flood]tally // guarded by mu
}

// flood is one stream of calls that changed nothing.
type flood struct {
	tenant, user string         // whose they are; "" for strangers, and user for those who came after [maxStreams] others
	network      string         // of strangers; "" for the networks that came after [maxStreams] others, and without room
	op           *api.Operation // of strangers; nil without room
	reason       string         // why they were refused; "" where they were not
}

// tally is how many calls a stream had.
type tally struct {
	n     int64
	first *api.Operation // what was called first
}

const (
	// singly is how many calls a minute, per stream, have a record each.
	singly = 20
	// maxStreams bounds the memory of one minute, and what a stranger with many networks can have
	// written in it. Networks beyond it are counted together, per route.
	maxStreams = 1024
)

func newFloods(room func() bool) *floods {
	return &floods{room: room, counts: map[flood]tally{}}
}

// absorb tells whether the call is one too many to have a record of its own. Who signed in is no
// stranger any more, and is counted only when they are told to come later.
func (f *floods) absorb(call *api.Call) bool {
	var key flood
	switch who := call.Caller; {
	case call.Machine:
		return false
	case who == nil:
		key = f.ofStranger(call)
	case call.Code == fault.ErrTooMany.Name || call.Code == api.ErrNoRoom.Name:
		key.tenant, key.user, key.reason = who.Tenant, who.User, call.Code
	default:
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.add(key, tally{1, call.Operation}).n > singly
}

// ofStranger is the stream of a call that nobody is known to have made.
func (f *floods) ofStranger(call *api.Call) (key flood) {
	if f.room == nil || f.room() {
		key.network, key.op = Network(call.Address), call.Operation
	}
	if call.Status >= 400 {
		key.reason = fault.ErrTooMany.Name
	}
	return key
}

// add counts calls with the others of their stream. f.mu is held.
func (f *floods) add(key flood, more tally) tally {
	if _, known := f.counts[key]; !known && len(f.counts) >= maxStreams {
		key.network, key.user = "", ""
	}
	t := f.counts[key]
	t.n, t.first = t.n+more.n, cmp.Or(t.first, more.first)
	f.counts[key] = t
	return t
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
func (f *floods) start(write func(flood, tally) error) {
	f.minutes.Start(time.Minute, func() { f.flush(write) })
}

// stop writes the summaries of the minute that was not full.
func (f *floods) stop(write func(flood, tally) error) {
	f.minutes.Stop()
	f.flush(write)
}

func (f *floods) flush(write func(flood, tally) error) {
	f.mu.Lock()
	counts := f.counts
	f.counts = map[flood]tally{}
	f.mu.Unlock()
	for key, t := range counts {
		if t.n -= singly; t.n <= 0 {
			continue
		}
		if err := write(key, t); err != nil {
			slog.Error("the summary of a flood was not recorded", "route", t.first.ID, "count", t.n, "cause", err)
			f.postpone(key, t)
		}
	}
}

// postpone adds what could not be written to the summary of the next minute.
func (f *floods) postpone(key flood, t tally) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if n := f.add(key, t).n; n < t.n+singly {
		f.add(key, tally{n: t.n + singly - n})
	}
}

// summarise writes one record for the calls of one network on one route, or of one user, under what they called
// first. It has no code, for nothing was answered to all of them together.
func (s *Service) summarise(key flood, t tally) error {
	now := s.config.DB.Now()
	id := store.NewID(now)
	call := &api.Call{ID: id, Request: id, Operation: t.first, Trail: key.tenant}
	if key.user != "" {
		call.Caller = &caller.Caller{Tenant: key.tenant, User: key.user}
	}
	e, err := s.entryOf(call, homeOf(call), now, 0)
	if err != nil {
		return err
	}
	e.record.Outcome = trail.Outcome{Result: trail.Success, N: t.n}
	if key.reason != "" {
		e.record.Outcome.Result, e.record.Outcome.Reason = trail.Failure, key.reason
	}
	if err := e.commitPersonal("network", key.network); err != nil {
		return err
	}
	if err := e.encode(); err != nil {
		return err
	}
	return s.committer.commit(context.Background(), e)
}
