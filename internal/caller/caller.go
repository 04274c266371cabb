// Package caller says who is asking: the tenant, the user, the session, and the compiled subject
// that decides what they may do. One Caller serves one request.
package caller

import (
	"context"
	"errors"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/trail"
)

// Caller is the authenticated identity behind a request. It belongs to that request alone.
type Caller struct {
	Tenant   string
	User     string
	Session  string
	AMR      []string  // how the session was authenticated (RFC 8176)
	AuthTime time.Time // when, with all of it
	Roles    []string  // names of the roles in force, sorted; informative

	// The epochs under which the credential was made. It is void once a later one stands.
	TenantEpoch, UserEpoch int64

	Enrolled  bool      // the user has a second factor
	MustEnrol bool      // one is demanded of the user, who has none
	FactorAt  time.Time // when the session last showed a second factor; zero when it never has

	MustChangePassword bool // it was imported, and its owner has not chosen one here

	Visit   *Visit // nil unless platform staff are inside the tenant, where they are no user
	Machine bool   // a command on the machine, which is no user; see [OnMachine]

	Subject   access.Subject
	Catalogue *access.Catalogue
	Policy    int64     // version of the tenant's policy that the subject was compiled from
	At        time.Time // the instant that decides what has expired

	decided string
	stepUp  trail.StepUp
}

type key struct{}

// With puts the caller into the context.
func With(ctx context.Context, c *Caller) context.Context {
	return context.WithValue(ctx, key{}, c)
}

// From takes the caller out of the context; nil when nobody is authenticated.
func From(ctx context.Context) *Caller {
	c, _ := ctx.Value(key{}).(*Caller)
	return c
}

// errNoCaller is a route that forgot to demand authentication.
var errNoCaller = errors.New("caller: nobody is authenticated")

// Must takes the caller out of the context of an operation that demands one.
func Must(ctx context.Context) *Caller {
	c := From(ctx)
	if c == nil {
		panic(errNoCaller)
	}
	return c
}

// Decided is the permission that decided last, as records state it: at the scope that allowed, or
// without one where it let the caller in before an object was known, and where it was missing. It is
// "" when no permission was asked for.
func (c *Caller) Decided() string { return c.decided }

// operation looks up resource:action. The catalogue of the caller's tenant need not have it: the
// platform's people call what only tenants have. Then it is the zero operation, which nobody holds.
// One that no catalogue has is a defect of the program.
func (c *Caller) operation(permission string) (access.Operation, error) {
	p, err := access.Parse(permission)
	if err != nil {
		return access.Operation{}, err
	}
	op, err := c.Catalogue.Operation(p.Resource, p.Action)
	if err == nil {
		return op, nil
	}
	for _, other := range []*access.Catalogue{access.BuiltIn(), access.Platform()} {
		if _, elsewhere := other.Operation(p.Resource, p.Action); elsewhere == nil {
			return access.Operation{}, nil
		}
	}
	return op, err
}

// May reports whether the caller holds one of the permissions at any scope: the first question about
// every operation, before anything about its object is known. No permissions demand nothing. The first
// one held decides, and where it is of high risk a fresh second factor is demanded.
func (c *Caller) May(permissions ...string) error {
	for _, p := range permissions {
		op, err := c.operation(p)
		if err != nil {
			return err
		}
		if c.Subject.Holds(op, access.Own, c.At) || c.Subject.Holds(op, access.Unassigned, c.At) {
			c.decided = p
			return c.venture(op)
		}
	}
	if len(permissions) == 0 {
		return nil
	}
	c.decided = permissions[0]
	return c.outside(permissions)
}

// Renew replaces the subject by the one that a transaction has read: a change of access is decided
// by what stands in that transaction, not by what stood when the request came in.
func (c *Caller) Renew(s access.Subject, policy int64) {
	c.Subject, c.Policy = s, policy
}

// Require asks the real question: may the caller do this to this object? The refusal is "not found"
// when no read or view grant of the caller covers the object, so that what may not be seen is
// answered like what does not exist. What is allowed and of high risk still demands a fresh second
// factor.
func (c *Caller) Require(permission string, o *access.Object) error {
	op, err := c.operation(permission)
	if err != nil {
		return err
	}
	if err := c.check(op, permission, o); err != nil {
		if c.sees(o) {
			return err
		}
		return fault.ErrNotFound.Because(err) // the real reason is for the log
	}
	return c.venture(op)
}

// RequireNew is [Caller.Require] for an object that is about to exist, or that the caller brought
// along: there is nothing to hide.
func (c *Caller) RequireNew(permission string, o *access.Object) error {
	op, err := c.operation(permission)
	if err != nil {
		return err
	}
	if err := c.check(op, permission, o); err != nil {
		return err
	}
	return c.venture(op)
}

// check asks the access rules, and notes what decided.
func (c *Caller) check(op access.Operation, permission string, o *access.Object) error {
	d := c.Subject.Check(op, o, c.At)
	if !d.Allow {
		c.decided = permission
		if err := c.visiting(op); err != nil {
			return err
		}
		return refusal(c.Subject.Explain(op, o, c.At), permission)
	}
	c.decided = op.At(d.Scope).String()
	return nil
}

// sees reports whether a grant to read or view covers the object.
func (c *Caller) sees(o *access.Object) bool {
	for _, action := range []string{"read", "view"} {
		op, err := c.Catalogue.Operation(o.Resource, action)
		if err == nil && c.Subject.Check(op, o, c.At).Allow {
			return true
		}
	}
	return false
}

// Filter says which objects a list may show the caller; none when the caller lacks the permission.
func (c *Caller) Filter(permission string) (access.Filter, error) {
	op, err := c.operation(permission)
	if err != nil {
		return access.Filter{}, err
	}
	return c.Subject.Filter(op, c.At), nil
}
