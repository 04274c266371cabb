package desk

import (
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// silentTime is how long the pulse of a node stands still that is dead: as long as its lease outlives it.
const silentTime = 6 * time.Second

// pulses are the nodes as this one last saw them, by name.
type pulses map[string]pulse

type pulse struct {
	store.Pulse
	since time.Time // when it was first seen like this
	dead  bool      // and has been noticed to be
}

// feel takes in the pulses of an instant, and tells whether a node has died or gone since the last ones. What it had
// committed it may have told nobody.
func (p pulses) feel(now time.Time, found map[string]store.Pulse) (lost bool) {
	for name, before := range p {
		after, there := found[name]
		switch {
		case !there || after.Successor(before.Pulse):
			lost = lost || !before.dead
			delete(p, name)
		case after != before.Pulse:
			p[name] = pulse{Pulse: after, since: now}
		case !before.dead && now.Sub(before.since) >= silentTime:
			before.dead, lost = true, true
			p[name] = before
		}
	}
	for name, after := range found {
		if _, known := p[name]; !known {
			p[name] = pulse{Pulse: after, since: now}
		}
	}
	return lost
}
