package desk

import (
	"sync"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// restTime is for how long a desk is not looked at where nobody works and time brings nothing about.
const restTime = 30 * time.Second

// rests are the desks that this node need not look at. Each rests until something happens at it on this node, its
// policy changes, its time is over, or another node has died, who may have told nobody of what had happened there.
// Where somebody works no desk rests: what waits there is found at once, whoever forgot to tell.
type rests struct {
	mu      sync.Mutex
	desks   map[string]rest // by tenant
	stirred map[string]bool // tenants where something has happened since the last look began
	pulses  pulses
}

type rest struct {
	policy int64 // the version that stood
	until  time.Time
}

func newRests() *rests {
	return &rests{desks: map[string]rest{}, stirred: map[string]bool{}, pulses: pulses{}}
}

// stir ends the rest of a desk.
func (r *rests) stir(tenant string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stirred[tenant] = true
}

// begin comes before a look, at an instant and with the pulses of all nodes: what happens from here on may not be
// seen by it.
func (r *rests) begin(now time.Time, found map[string]store.Pulse) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.pulses.feel(now, found) {
		clear(r.desks)
	}
	for tenant := range r.stirred {
		delete(r.desks, tenant)
	}
	clear(r.stirred)
}

// resting tells whether a desk need not be looked at.
func (r *rests) resting(d due) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	known, found := r.desks[d.tenant]
	return found && known.policy == d.policy && d.at.Before(known.until)
}

// end follows a look at desks, of which those rest that were idle, unless something has happened there meanwhile.
func (r *rests) end(seen []due) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, d := range seen {
		delete(r.desks, d.tenant)
		if d.idle && !r.stirred[d.tenant] {
			r.desks[d.tenant] = rest{d.policy, d.at.Add(restTime)}
		}
	}
}
