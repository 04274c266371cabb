package api

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/cluster"
	"github.com/usher-desk/usher/internal/fault"
)

// Class is the kind of work that an operation is, by what it costs. The calls of a class count together.
type Class string

// The classes.
const (
	ordinary Class = "ordinary" // what pages are made of
	live     Class = "live"     // tickets, handshakes, polls: what keeps a page up to date
	file     Class = "file"     // what is stored for long
	report   Class = "report"   // what reads much at once: reports, exports, transcripts
	scarce   Class = "scarce"   // all of these together, while the disk is nearly full
)

// Pace is how often somebody may call the operations of a class: Burst times at once, and once more every
// Every.
type Pace struct {
	Burst int
	Every time.Duration
}

// Paces are those of users, by class. Whoever calls without a sign-in has no pace here: what they may try is
// limited where it is tried. Those who sign in by it have one as soon as that costs what is scarce, see [Sparing].
type Paces map[Class]Pace

// DefaultPaces are far beyond what people do with their pages, and below what hurts others. A page that
// opens asks some twenty questions; a client that polls asks again whenever something has happened; a program
// of an auditor reads one conversation after the other.
//
// What goes on while the disk is nearly full leaves records, which use up what was kept for them. So everybody has little
// then, for all that they call together: in an hour one user writes some three of the 256 MiB that are kept unless somebody
// says otherwise, and whoever knows their password as much again. A second mark below which less is allowed would not do: what would still be, such as ending sessions that
// are none, could be called as often as before.
func DefaultPaces() Paces {
	return Paces{
		ordinary: {3000, time.Second / 100},
		live:     {300, time.Second / 20},
		file:     {60, 2 * time.Second},
		report:   {60, 2 * time.Second},
		scarce:   {120, 5 * time.Second},
	}
}

// Same are paces that all classes have.
func Same(p Pace) Paces { return Paces{ordinary: p, live: p, file: p, report: p, scarce: p} }

// ofTenant is how many of its users may make use of their pace to the full at the same time: beyond it a
// tenant's own calls are refused, before other tenants feel them.
const ofTenant = 20

// paced refuses a caller who calls too often, once for a call. Calls that are refused for what they ask count too.
// Whoever owns the machine is not held up on it.
func (a *API) paced(ctx context.Context, call *Call) error {
	if call.paced || call.Machine {
		return nil
	}
	call.paced = true
	class := call.Operation.Limit.Class
	if !a.config.Room() {
		class = scarce
	}
	return a.spend(ctx, string(class), a.config.Paces[class], call.Caller.Tenant, call.Caller.User)
}

// Sparing refuses what leaves something in the database, once somebody has shown who they are in a call that has no
// caller yet, such as a sign-in: while the disk is nearly full it counts with all that they call. It must not be asked in a
// transaction.
func Sparing(ctx context.Context, tenant, user string) error {
	return CallFrom(ctx).spare(ctx, string(scarce), tenant, user)
}

// SparingEntry is [Sparing] for whoever has shown no more than a password, in a browser that is new for the user: others may
// have got hold of it. What they do counts together, at the same pace, and apart from what the user calls: it must not keep
// the user from putting an end to it.
func SparingEntry(ctx context.Context, tenant, user string) error {
	return CallFrom(ctx).spare(ctx, "entry", tenant, user)
}

// spare counts one more call under a name while the disk is nearly full.
func (c *Call) spare(ctx context.Context, name, tenant, user string) error {
	if c.api.config.Room() {
		return nil
	}
	return c.api.spend(ctx, name, c.api.config.Paces[scarce], tenant, user)
}

// spend counts one more call of a user under a name.
func (a *API) spend(ctx context.Context, name string, p Pace, tenant, user string) error {
	wait := a.config.Cluster.Spend(ctx, tenant,
		cluster.Allowance{Name: name + ":" + user, Burst: p.Burst, Every: p.Every},
		cluster.Allowance{Name: name, Burst: p.Burst * ofTenant, Every: p.Every / ofTenant},
	)
	if wait > 0 {
		return fault.ErrTooMany.After(wait)
	}
	return nil
}
