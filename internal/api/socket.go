package api

import (
	"context"
	"net/http"

	"github.com/usher-desk/usher/internal/caller"
)

// Socket is what an operation does whose answer is a WebSocket.
type Socket struct {
	// Identify turns the ticket of a browser into the caller, or refuses with a fault. It must not use
	// the ticket up: the handshake may still be refused.
	Identify func(ctx context.Context, ticket string) (*caller.Caller, error)
	// Open decides as a handler does, and uses the ticket up, "" when a token was shown.
	Open func(ctx context.Context, ticket string) (Upgrade, error)
}

// Upgrade is a connection that may go on once the record of its handshake is kept. One of the methods
// is called, once.
type Upgrade interface {
	// Serve answers 101 and returns when the connection has ended.
	Serve(w http.ResponseWriter, r *http.Request)
	// Abandon gives back what was set aside: the record could not be kept, and there is no connection.
	Abandon()
}

// RegisterSocket adds an operation that opens a WebSocket. The door is that of every operation, and a
// record stands before 101 is answered; browsers, which cannot send a header of their own, may show a
// ticket in the place of a token.
func RegisterSocket(a *API, op Operation, socket Socket) {
	op.Method, op.Status, op.SameOrigin, op.socket = http.MethodGet, http.StatusSwitchingProtocols, true, &socket
	Register(a, op, func(ctx context.Context, _ *struct{}) (*struct{}, error) {
		call := CallFrom(ctx)
		upgrade, err := socket.Open(ctx, call.ticket)
		call.upgrade = upgrade
		return nil, err
	})
}

// MayStill asks of the caller, as they are by now, what was asked of them when the call came in: for a
// connection that is still open.
func (c *Call) MayStill(who *caller.Caller) error { return mayCall(who, c.Operation) }

// upgraded serves the connection that the call has opened, if any. It returns false when there is
// something to be answered instead.
func (c *Call) upgraded(answer *heldAnswer, r *http.Request) bool {
	switch {
	case c.upgrade == nil:
		return false
	case answer.status != http.StatusSwitchingProtocols:
		c.upgrade.Abandon()
		return false
	}
	c.upgrade.Serve(answer.lend(), r)
	return true
}
