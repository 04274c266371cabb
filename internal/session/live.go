package session

import (
	"sync"
	"time"
)

// live remembers which sessions are in force, so that a request costs no query. It holds only what
// was read from the database, and forgets when that changes.
type live struct {
	mu      sync.RWMutex // guards all below
	forgot  uint64       // grows whenever something is forgotten
	count   int
	byUsers map[userKey]map[string]liveSession
}

type userKey struct{ tenant, user string }

// liveSession is what a token is compared with.
type liveSession struct {
	expires  time.Time
	epochs   Epochs // that stand; a token of an earlier one is void
	enrolled bool   // whether the user has a second factor
}

// liveLimit bounds the memory: beyond it everything is read anew.
const liveLimit = 100_000

func newLive() *live { return &live{byUsers: map[userKey]map[string]liveSession{}} }

// find also returns what [live.keep] wants to know.
func (l *live) find(user userKey, id string) (found liveSession, ok bool, forgot uint64) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	found, ok = l.byUsers[user][id]
	return found, ok, l.forgot
}

// keep remembers what was read after find had returned forgot. If anything has been forgotten since,
// what was read may be history, and is not kept.
func (l *live) keep(user userKey, id string, s liveSession, forgot uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.forgot != forgot {
		return
	}
	if l.count >= liveLimit {
		l.count = 0
		clear(l.byUsers)
	}
	if l.byUsers[user] == nil {
		l.byUsers[user] = map[string]liveSession{}
	}
	if _, known := l.byUsers[user][id]; !known {
		l.count++
	}
	l.byUsers[user][id] = s
}

// forget drops everything about a user. Who still has a session is read anew.
func (l *live) forget(user userKey) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forgot++
	l.count -= len(l.byUsers[user])
	delete(l.byUsers, user)
}
