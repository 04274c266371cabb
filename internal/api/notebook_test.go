package api_test

import (
	"context"
	"errors"
	"sync"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/store"
)

// notebook keeps the records of an office. It stands for the trail, which is built upon this package
// and tested with it in its own.
type notebook struct {
	mu     sync.Mutex
	calls  []api.Call // as they ended
	closed bool
}

var errClosed = errors.New("the notebook is closed")

// record keeps the record of a call that has none.
func (n *notebook) record(_ context.Context, call *api.Call) error {
	if call.Recorded {
		return nil
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return errClosed
	}
	call.Recorded = true
	n.calls = append(n.calls, *call)
	return nil
}

// append keeps it once the transaction has committed.
func (n *notebook) append(ctx context.Context, tx *store.Tx) error {
	call := api.CallFrom(ctx)
	tx.AfterCommit(func() {
		call.Status = call.Operation.Status
		_ = n.record(ctx, call) // the change is made
	})
	return nil
}

func (n *notebook) close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.closed = true
}

// take returns what was kept since the last time.
func (n *notebook) take() []api.Call {
	n.mu.Lock()
	defer n.mu.Unlock()
	calls := n.calls
	n.calls = nil
	return calls
}
