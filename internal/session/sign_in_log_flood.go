package session

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/usher-desk/usher/internal/chore"
	"github.com/usher-desk/usher/internal/store"
)

// floods keeps failed sign-ins from filling the disk: they cost whoever sends them next to nothing.
// The first of a network have a line each in the sign-in log; the rest of the minute becomes one line
// for each user concerned, with how many. While the disk is nearly full all networks are one, and fewer lines tell of them.
type floods struct {
	minutes chore.Chore
	room    func() bool // nil where there always is

	mu       sync.Mutex // guards the maps
	tries    map[tally]int64
	absorbed map[flood]int64
}

// tally names what is counted together. Tenant and user are no part of it: else the time that a
// refusal takes would tell whether they exist.
type tally struct {
	network string
	early   bool // nobody looked at the password
}

// flood is what one line can stand for.
type flood struct {
	tenant  string
	network string // "" for those beyond what [floods.bounds] says
	user    string // id; empty for all names that nobody has, and likewise
	method  string
	reason  refusal
}

const (
	// singly is how many failures a minute of a network have a line each, and how many early tries.
	singly = 20
	// maxTallies and maxFloods bound the memory of one minute, and what a stranger with many networks can
	// have written in it.
	maxTallies, maxFloods = 1024, 4096
	// fewFloods is maxFloods without room, when no network has a tally.
	fewFloods = 64
)

func newFloods(room func() bool) *floods {
	return &floods{room: room, tries: map[tally]int64{}, absorbed: map[flood]int64{}}
}

// absorb counts a failure and tells whether it is one too many to have a line of its own.
func (f *floods) absorb(a attempt, reason refusal) bool {
	tallies, lines := f.bounds()
	f.mu.Lock()
	defer f.mu.Unlock()
	counted := f.tally(tally{a.from.network, reason == refusedEarly}, tallies)
	f.tries[counted]++
	if f.tries[counted] <= singly {
		return false
	}
	f.absorbed[f.flood(flood{a.home, counted.network, a.line(signInFailure, reason).user, a.method, reason}, lines)]++
	return true
}

// bounds are how many networks have a tally, and how many floods a line.
func (f *floods) bounds() (tallies, lines int) {
	if f.room == nil || f.room() {
		return maxTallies, maxFloods
	}
	return 0, fewFloods
}

// tally is what a try is counted with, where only so many networks are told apart. f.mu is held.
func (f *floods) tally(t tally, most int) tally {
	if _, known := f.tries[t]; !known && len(f.tries) >= most {
		t.network = ""
	}
	return t
}

// flood is what a try is told with, where only so many are told apart. f.mu is held.
func (f *floods) flood(one flood, most int) flood {
	if _, known := f.absorbed[one]; !known && len(f.absorbed) >= most {
		one.network, one.user = "", ""
	}
	return one
}

// start writes a line for what was absorbed at the end of each minute.
func (f *floods) start(write func(flood, int64)) {
	f.minutes.Start(time.Minute, func() { f.flush(write) })
}

// stop writes the lines of the minute that was not full.
func (f *floods) stop(write func(flood, int64)) {
	f.minutes.Stop()
	f.flush(write)
}

func (f *floods) flush(write func(flood, int64)) {
	f.mu.Lock()
	absorbed := f.absorbed
	f.tries, f.absorbed = map[tally]int64{}, map[flood]int64{}
	f.mu.Unlock()
	for key, n := range absorbed {
		write(key, n)
	}
}

// logFlood writes one line for n tries.
func (s *Service) logFlood(f flood, n int64) {
	ctx := context.Background()
	err := s.config.DB.Write(ctx, f.tenant, func(tx *store.Tx) error {
		return logSignIn(ctx, tx, signInLine{
			user: f.user, method: f.method, outcome: signInFailure, reason: f.reason, tries: n, from: origin{address: f.network},
			burst: true,
		})
	})
	if err != nil {
		slog.Error("a flood of sign-ins was not logged", "count", n, "cause", err)
	}
}
