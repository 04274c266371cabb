package session

import (
	"sync"
	"time"

	"github.com/usher-desk/usher/internal/cluster"
)

// live remembers which sessions are in force, so that a request costs no query. It holds only what
// was read from the database, and forgets when that changes.
type live struct {
	mu      sync.RWMutex // guards all below
	count   int          // of users and sessions
	byUsers map[userKey]*liveUser
}

type userKey struct{ tenant, user string }

// liveUser is what is remembered of a user. It is forgotten as a whole: somebody else takes its place,
// and what was read for it meanwhile is not kept.
type liveUser struct {
	asking sync.Mutex // held while something is asked about the user, so that a crowd asks once

	stamp    cluster.Stamp // no younger than what follows; guarded by [live], both of them
	sessions map[string]liveSession
}

// liveSession is what a token is compared with.
type liveSession struct {
	expires  time.Time
	epochs   Epochs // that stand; a token of an earlier one is void
	enrolled bool   // whether the user has a second factor
	imported bool   // whether the user's password was, and is still to be changed
	visit    *visit // nil unless it is one, of which expires and epochs then are
}

// liveLimit bounds the memory: beyond it everything is read anew.
const liveLimit = 100_000

func newLive() *live { return &live{byUsers: map[userKey]*liveUser{}} }

// find returns a session that may be used as it is remembered.
func (l *live) find(user userKey, id string, now time.Time) (found liveSession, ok bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	u := l.byUsers[user]
	if u == nil || !u.stamp.Fresh(now) {
		return liveSession{}, false
	}
	found, ok = u.sessions[id]
	return found, ok
}

// of returns what is remembered of a user, which may be nothing, to be asked about.
func (l *live) of(user userKey) *liveUser {
	l.mu.Lock()
	defer l.mu.Unlock()
	u := l.byUsers[user]
	if u == nil {
		l.emptyIfFull()
		u = &liveUser{sessions: map[string]liveSession{}}
		l.count++
		l.byUsers[user] = u
	}
	return u
}

// emptyIfFull forgets everybody when there is too much to remember, and reports whether it has; mu is held.
func (l *live) emptyIfFull() bool {
	if l.count < liveLimit {
		return false
	}
	l.count = 0
	clear(l.byUsers)
	return true
}

// stampOf returns the stamp of a user.
func (l *live) stampOf(u *liveUser) cluster.Stamp {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return u.stamp
}

// restamp has a user go on with another stamp, and without the sessions unless they stand.
func (l *live) restamp(user userKey, u *liveUser, stamp cluster.Stamp, stand bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.byUsers[user] != u {
		return
	}
	if !stand {
		l.count -= len(u.sessions)
		clear(u.sessions)
	}
	u.stamp = stamp
}

// keep remembers what was read under the user's stamp. If the user has been forgotten since, what was
// read may be history, and is not kept.
func (l *live) keep(user userKey, u *liveUser, id string, s liveSession) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.byUsers[user] != u || l.emptyIfFull() {
		return
	}
	if _, known := u.sessions[id]; !known {
		l.count++
	}
	u.sessions[id] = s
}

// forget drops everything about a user, or about everybody in a tenant when no user is named. Who still
// has a session is read anew.
func (l *live) forget(user userKey) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if user.user != "" {
		l.drop(user)
		return
	}
	for other := range l.byUsers {
		if other.tenant == user.tenant {
			l.drop(other)
		}
	}
}

// forgetAll drops everything about everybody.
func (l *live) forgetAll() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.count = 0
	clear(l.byUsers)
}

// drop forgets one user; mu is held.
func (l *live) drop(user userKey) {
	if u := l.byUsers[user]; u != nil {
		l.count -= 1 + len(u.sessions)
		delete(l.byUsers, user)
	}
}
