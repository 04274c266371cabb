package identity

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/fault"
)

// queue lets a few jobs run at once and some more wait; whoever comes then is turned away at once,
// so that a flood of sign-ins cannot take every processor and all memory.
type queue struct {
	places  chan struct{} // held by those who run or wait
	running chan struct{} // held by those who run
}

func newQueue(running, waiting int) *queue {
	return &queue{places: make(chan struct{}, running+waiting), running: make(chan struct{}, running)}
}

// retryBusy is when somebody turned away may find a place.
const retryBusy = 2 * time.Second

// do runs f when its turn comes. It returns [fault.ErrUnavailable] without running f when the queue
// is full, and the context's error when the caller has given up meanwhile.
func (q *queue) do(ctx context.Context, f func()) error {
	select {
	case q.places <- struct{}{}:
		defer func() { <-q.places }()
	default:
		return fault.ErrUnavailable.After(retryBusy)
	}
	select {
	case q.running <- struct{}{}:
		defer func() { <-q.running }()
	case <-ctx.Done():
		return ctx.Err()
	}
	f()
	return nil
}
