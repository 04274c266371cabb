package policy

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/usher-desk/usher/internal/fault"
)

// turns has the previews of a tenant made one after the other, each of which takes the lock of the tenant for as long as the
// change itself would, and holds how everybody stands differently. Whoever waits for a turn holds no transaction meanwhile,
// so that those of one tenant leave the database, and the memory, to others.
type turns struct {
	mu     sync.Mutex   // held by whoever's turn it is
	people atomic.Int32 // whose turn it is, and who wait
}

const (
	// maxTurns is how many may wait, and be at it. Beyond it something asks that does not look at the answers.
	maxTurns = 8
	// nextTurn is when to come back.
	nextTurn = 2 * time.Second
)

// take waits for a turn and returns how to end it; [fault.ErrTooMany] when too many wait.
func (t *turns) take() (end func(), err error) {
	if t.people.Add(1) > maxTurns {
		t.people.Add(-1)
		return nil, fault.ErrTooMany.After(nextTurn)
	}
	t.mu.Lock()
	return func() {
		t.mu.Unlock()
		t.people.Add(-1)
	}, nil
}
