package realtime

import (
	"sync"
	"time"

	"github.com/usher-desk/usher/internal/chore"
)

// rounds look after the sockets of a node: who is to be asked about, pinged, recorded. One goroutine
// visits all of them, a slice at each tick, and does nothing itself that could wait.
type rounds struct {
	limits Limits
	chore  chore.Chore

	mu      sync.Mutex // guards what follows
	slices  []map[*socket]struct{}
	next    int       // the slice that was visited last
	joined  int       // since the start
	waiting []*socket // to be asked about, in order
	askers  int
}

// maxSlices is over how many ticks a round is spread, so that thousands are not asked about at once.
const maxSlices = 16

// maxAskers bounds how many questions are under way. Nearly all are answered from memory; what one costs
// that is not must not be multiplied by the number of sockets.
const maxAskers = 32

func newRounds(limits Limits) *rounds {
	n := min(maxSlices, max(1, int(limits.round()/time.Millisecond)))
	r := &rounds{limits: limits, slices: make([]map[*socket]struct{}, n)}
	for i := range r.slices {
		r.slices[i] = map[*socket]struct{}{}
	}
	return r
}

// round is how often each socket is visited: as often as the most frequent of what is done for it.
func (l Limits) round() time.Duration {
	return max(time.Millisecond, min(l.Recheck, l.Doubt, l.Heartbeat, l.Told))
}

func (r *rounds) start() { r.chore.Start(r.limits.round()/time.Duration(len(r.slices)), r.visit) }

func (r *rounds) stop() { r.chore.Stop() }

func (r *rounds) join(s *socket) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.joined++
	s.slice = r.joined % len(r.slices)
	r.slices[s.slice][s] = struct{}{}
}

func (r *rounds) leave(s *socket) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.slices[s.slice], s)
}

// visit looks after the next slice.
func (r *rounds) visit() {
	r.mu.Lock()
	r.next = (r.next + 1) % len(r.slices)
	visited := make([]*socket, 0, len(r.slices[r.next]))
	for s := range r.slices[r.next] {
		visited = append(visited, s)
	}
	r.mu.Unlock()
	now := time.Now()
	for _, s := range visited {
		s.visit(now)
	}
}

// ask has somebody ask about a socket soon. It does not wait.
func (r *rounds) ask(s *socket) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s.waits {
		return
	}
	s.waits = true
	r.waiting = append(r.waiting, s)
	if r.askers < maxAskers {
		r.askers++
		go r.answer()
	}
}

// answer asks about those who wait until there are none.
func (r *rounds) answer() {
	for s := r.first(); s != nil; s = r.first() {
		if s.enter() {
			s.guard(s.watch)
			s.others.Done()
		}
	}
}

// first takes the first of those who wait; nil ends an asker.
func (r *rounds) first() *socket {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.waiting) == 0 {
		r.waiting = nil
		r.askers--
		return nil
	}
	s := r.waiting[0]
	r.waiting = r.waiting[1:]
	s.waits = false
	return s
}

// due says when something is next to be done for a socket.
type due struct {
	sure   time.Time // when it was last known that the caller may go on
	ask    time.Time
	ping   time.Time
	minute time.Time
	told   int64 // messages that are recorded
	busy   bool  // with a ping or a record
}

func firstDue(l Limits) due {
	now := time.Now()
	return due{sure: now, ask: now.Add(l.Recheck), ping: now.Add(l.Heartbeat), minute: now.Add(l.Told)}
}

// sure notes that the caller may go on, as asked at an instant.
func (s *socket) sure(asked time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if asked.After(s.due.sure) {
		s.due.sure = asked
	}
}

// visit begins what is due.
func (s *socket) visit(now time.Time) {
	l := s.service.config.Limits
	s.mu.Lock()
	doubtful := now.Sub(s.due.sure) >= l.Doubt // the question may hang for longer than anybody may go on without an answer
	ask, ping, minute := !now.Before(s.due.ask), !s.due.busy && !now.Before(s.due.ping), !s.due.busy && !now.Before(s.due.minute)
	if ask {
		s.due.ask = now.Add(l.Recheck)
	}
	if ping {
		s.due.ping = now.Add(l.Heartbeat)
	}
	if minute {
		s.due.minute = now.Add(l.Told)
	}
	said := s.messages.Load()
	tell := minute && said > s.due.told
	unrecorded := said - s.due.told
	if tell {
		s.due.told = said
	}
	s.due.busy = s.due.busy || ping || tell
	s.mu.Unlock()
	if doubtful {
		s.finish(unsure)
		return
	}
	if ask {
		s.service.rounds.ask(s)
	}
	if ping || tell {
		s.begin(func() { s.beat(ping, tell, unrecorded) })
	}
}
