package policy

import (
	"sync"
	"time"

	"github.com/usher-desk/usher/internal/cluster"
)

// place holds the newest policy of one tenant that is known here.
type place struct {
	loading sync.Mutex // held while the policy is being read, so that a crowd reads it once

	mu      sync.Mutex // guards what follows
	current *Compiled
	state   placeState
}

// placeState tells whoever goes to read the policy for a place what happened to it meanwhile.
type placeState struct {
	stamp   cluster.Stamp // under which what is there was read
	cleared int           // how often the place has been
	doubted int           // likewise
}

// take returns what is there and may be used as it is.
func (p *place) take(now time.Time) *Compiled {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.state.stamp.Fresh(now) {
		return nil
	}
	return p.current
}

// look returns what is there, however old, and what [place.put] asks for.
func (p *place) look() (*Compiled, placeState) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.current, p.state
}

// clear takes away what is there.
func (p *place) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.current = nil
	p.state.stamp = cluster.Stamp{}
	p.state.cleared++
}

// doubt leaves what is there, to be used once the database has said that it still stands.
func (p *place) doubt() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state.stamp = cluster.Stamp{}
	p.state.doubted++
}

// put keeps a policy that was read under the stamp, by somebody who found the place in that state before. One that is older
// than what is there is let go: commits are heard of in any order. So is one that was read before the
// last clear; the next question reads again. One that was read before the last doubt is in doubt too.
func (p *place) put(c *Compiled, stamp cluster.Stamp, before placeState) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.current != nil && p.current.Version > c.Version:
		return
	case p.state.cleared != before.cleared:
		p.current, stamp = nil, cluster.Stamp{}
	case p.state.doubted != before.doubted:
		p.current, stamp = c, cluster.Stamp{}
	default:
		p.current = c
	}
	p.state.stamp = stamp
}
