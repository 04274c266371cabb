package identity

import (
	"context"
	"sync"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/fault"
)

// queue lets a few jobs run at once and some more wait; whoever comes then is turned away at once,
// so that a flood of sign-ins cannot take every processor and all memory. No network holds more than
// a share of the places, so that one client cannot keep everybody else from signing in.
type queue struct {
	places  chan struct{} // held by those who run or wait
	running chan struct{} // held by those who run
	share   int           // how many places one network may hold

	mu   sync.Mutex // guards held
	held map[string]int
}

func newQueue(running, waiting int) *queue {
	places := running + waiting
	return &queue{
		places:  make(chan struct{}, places),
		running: make(chan struct{}, running),
		share:   max(1, places/4),
		held:    map[string]int{},
	}
}

// retryBusy is when somebody turned away may find a place.
const retryBusy = 2 * time.Second

// do runs f when its turn comes. It returns [fault.ErrUnavailable] without running f when the queue
// is full or the network that calls holds its share, and the context's error when the caller has given
// up meanwhile.
func (q *queue) do(ctx context.Context, f func()) error {
	network := networkOf(ctx)
	if !q.enter(network) {
		return fault.ErrUnavailable.After(retryBusy)
	}
	defer q.leave(network)
	select {
	case q.running <- struct{}{}:
		defer func() { <-q.running }()
	case <-ctx.Done():
		return ctx.Err()
	}
	f()
	return nil
}

// networkOf is where the call came from; "" for what the program does of its own accord, which no
// share bounds.
func networkOf(ctx context.Context) string {
	if call := api.CallFrom(ctx); call != nil {
		return audit.Network(call.Address)
	}
	return ""
}

// enter takes a place, where there is one.
func (q *queue) enter(network string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if network != "" && q.held[network] >= q.share {
		return false
	}
	select {
	case q.places <- struct{}{}:
		q.held[network]++
		return true
	default:
		return false
	}
}

func (q *queue) leave(network string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	<-q.places
	if q.held[network]--; q.held[network] == 0 {
		delete(q.held, network)
	}
}
