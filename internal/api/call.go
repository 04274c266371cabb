package api

import (
	"context"
	"net/netip"
	"time"

	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/trail"
)

// Call is one operation in flight: what the record will say about it. The handler fills in what
// only it knows, through the methods; it belongs to one goroutine at a time.
type Call struct {
	ID        string     // of the record, given at acceptance
	Request   string     // the request id, in the answer and the log
	Started   time.Time  // by the clock of the configuration
	Operation *Operation // nil when the path is no operation
	Caller    *caller.Caller
	Machine   bool       // a command on the machine asks, over no network
	For       *trail.Ref // whom the caller acts for; nil for nobody else
	Address   netip.Addr
	UserAgent string // at most 512 bytes of valid UTF-8

	Trail   string // the tenant whose trail takes the record of a call without a caller; "" is the platform's
	Foreign bool   // the call named another tenant: its record also goes to the platform's trail
	Typed   string // the name typed at a failed sign-in; kept as a commitment
	Notes
	Count    int64
	Status   int    // of the answer
	Code     string // of the refusal
	Panicked bool
	Recorded bool // the record is kept, or will be with the commit

	api       *API
	began     time.Time // with the monotonic clock's reading, which Started has not
	languages string
	token     bool // a bearer token or a ticket came along
	paced     bool // it is counted
	ticket    string
	upgrade   Upgrade   // what goes on after the answer; nil for nothing
	upload    *Upload   // the body of an operation that takes a file; nil for all others
	download  *Download // what follows the record; nil for nothing
	answer    *heldAnswer
	progress  *progress // an answer that has begun; nil for none
}

// Elapsed is how long the call has taken, whatever the clocks on the wall did meanwhile.
func (c *Call) Elapsed() time.Duration {
	if c.began.IsZero() {
		return 0
	}
	return time.Since(c.began)
}

type callKey struct{}

// CallFrom takes the call out of the context of an operation; nil outside one.
func CallFrom(ctx context.Context) *Call {
	c, _ := ctx.Value(callKey{}).(*Call)
	return c
}

func withCall(ctx context.Context, c *Call) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}

// Counted notes how many objects the answer holds.
func Counted(ctx context.Context, n int) {
	if c := CallFrom(ctx); c != nil {
		c.Count = int64(n)
	}
}

// NamedForeign notes that the call named a tenant other than its own.
func NamedForeign(ctx context.Context) {
	if c := CallFrom(ctx); c != nil {
		c.Foreign = true
	}
}
