package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/usher-desk/usher/access"
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
	// Serve answers 101. The connection may go on when it has returned, without the request: what lasts
	// for hours should keep nothing alive that only its beginning needed.
	Serve(w http.ResponseWriter, r *http.Request)
	// Abandon gives back what was set aside: the record could not be kept, and there is no connection.
	Abandon()
}

// RegisterSocket adds an operation that opens a WebSocket. The door is that of every operation, and a
// record stands before 101 is answered; browsers, which cannot send a header of their own, may show a
// ticket in the place of a token.
func RegisterSocket(a *API, op Operation, socket Socket) {
	if op.StepUp || op.HighRisk() {
		// It is asked for again and again while the connection lasts, and nobody steps up every ten minutes.
		panic("api: operation " + op.ID + " would close every connection when the second factor is ten minutes old")
	}
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

// Kept is the call for records of what goes on after it, without what only its beginning needed: the
// caller's permissions, which hold a whole version of the tenant's policy, and the request's headers.
func (c *Call) Kept() *Call {
	who := *c.Caller
	who.Subject, who.Catalogue = access.Subject{}, nil
	return &Call{
		ID: c.ID, Request: c.Request, Started: c.Started, Operation: c.Operation, Caller: &who, For: c.For, Address: c.Address,
		UserAgent: strings.Clone(c.UserAgent), Trail: c.Trail, Notes: Notes{Targets: c.Targets}, Status: c.Status, api: c.api, began: c.began,
	}
}

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
