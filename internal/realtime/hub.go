package realtime

import (
	"sync"

	"github.com/usher-desk/usher/internal/fault"
)

// hub knows every connection of this node. Limits are counted here and not across nodes.
type hub struct {
	limits Limits
	wake   func(*socket)  // has it asked whether it may go on
	open   sync.WaitGroup // counts the connections that have yet to leave their record

	mu      sync.Mutex // guards what follows
	stopped bool
	count   int
	byUsers map[userKey]map[*socket]struct{}
}

type userKey struct{ tenant, user string }

func newHub(limits Limits, wake func(*socket)) *hub {
	return &hub{limits: limits, wake: wake, byUsers: map[userKey]map[*socket]struct{}{}}
}

// admit makes room for a connection, or says why there is none. The newest is refused: if the oldest had
// to go instead, two greedy pages would throw each other out for ever.
func (h *hub) admit(s *socket) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stopped || h.count >= h.limits.PerNode {
		return fault.ErrUnavailable.With("this node takes no more connections")
	}
	own := h.byUsers[s.key()]
	ofSession := 0
	for other := range own {
		if other.who.Session == s.who.Session {
			ofSession++
		}
	}
	switch {
	case ofSession >= h.limits.PerSession:
		return errTooMany.With("a session may have %d", h.limits.PerSession)
	case len(own) >= h.limits.PerUser:
		return errTooMany.With("a user may have %d", h.limits.PerUser)
	case own == nil:
		own = map[*socket]struct{}{}
		h.byUsers[s.key()] = own
	}
	own[s] = struct{}{}
	h.count++
	h.open.Add(1)
	return nil
}

func (h *hub) connections() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.count
}

// release gives the room back. It is called once.
func (h *hub) release(s *socket) {
	h.mu.Lock()
	defer h.mu.Unlock()
	own := h.byUsers[s.key()]
	delete(own, s)
	if len(own) == 0 {
		delete(h.byUsers, s.key())
	}
	h.count--
	h.open.Done()
}

// reconsider wakes the connections of a user, or of a whole tenant when user is "".
func (h *hub) reconsider(tenant, user string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if user != "" {
		h.wakeAll(userKey{tenant, user})
		return
	}
	for key := range h.byUsers {
		if key.tenant == tenant {
			h.wakeAll(key)
		}
	}
}

// wakeAll wakes the connections of one user. h.mu is held.
func (h *hub) wakeAll(user userKey) {
	for s := range h.byUsers[user] {
		h.wake(s)
	}
}

// stop ends every connection and waits for them.
func (h *hub) stop() {
	h.mu.Lock()
	h.stopped = true
	for _, sockets := range h.byUsers {
		for s := range sockets {
			s.finish(stopping)
		}
	}
	h.mu.Unlock()
	h.open.Wait()
}
