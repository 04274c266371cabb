package api

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/trail"
)

// Operation is everything that a route must say about itself. A route that leaves a field out does
// not register, and the program does not start.
type Operation struct {
	ID      string // operationId, such as "role-update"
	Method  string
	Path    string // with {parameters}
	Summary string
	Access  Access // the permission it needs, or the reason why none
	Tenant  Tenant // where the tenant comes from
	Event   string // the audit event, such as "role.update"
	Limit   Limit
	Status  int // of success; 200 unless stated
	Again   int // of success where what is asked for was done before; 0 where that makes no difference
	// StepUp demands a fresh second factor of the caller, as a high-risk permission does by itself.
	StepUp bool
	// Enrolling lets in callers of whom a second factor is demanded and who have none: for what one
	// needs to get one.
	Enrolling bool
	// ChangesPassword lets in callers who must change their password: for how they do.
	ChangesPassword bool
	// Progress says that the answer may come line by line, see [Progress].
	Progress bool
	// SameOrigin refuses browsers that come from another site: for operations that a cookie alone
	// could carry, or that set one.
	SameOrigin bool
	// Visitors lets in platform staff inside a tenant although no permission is needed: for what
	// changes nothing of the tenant's and is not about oneself.
	Visitors bool
	// NeedsNoRoom says that it goes on while the disk is nearly full: questions that are asked with a body, signing in
	// and out, going offline, and what takes access away as a whole, which must never wait. An operation that may give
	// access as well, such as writing somebody's roles, waits: disabling the user or deactivating the role does not.
	NeedsNoRoom bool
	// Machine lets in commands on the machine, which are no user: for what they offer.
	Machine bool

	socket *Socket  // what a WebSocket operation does; nil for all others
	takes  []string // the media types of an operation that takes a file; nil for all others
	sends  bool     // the answer is a file
}

// Door is how records say that the operation was called: through which door, and by which method or
// message.
func (o *Operation) Door() (op trail.Op, method string) {
	if o.socket != nil {
		return trail.WS, "connect"
	}
	return trail.HTTP, o.Method
}

// Tenant says where the tenant of an operation comes from.
type Tenant int

// The sources of a tenant.
const (
	OfCaller Tenant = iota + 1 // the signed token, and nothing else
	Named                      // the body or an opaque secret names it, as at sign-in
)

// Limit bounds what one call may send, and how often one may call.
type Limit struct {
	Body  int64         // bytes
	Read  time.Duration // how long sending it may take
	Class Class         // what a caller's calls are counted with
}

// The limits of operations that take JSON or nothing. Strangers have the small one.
var (
	Ordinary = Limit{Body: 1 << 20, Read: 5 * time.Second, Class: ordinary}
	Small    = Limit{Body: 16 << 10, Read: 5 * time.Second, Class: live}
	Report   = Limit{Body: 16 << 10, Read: 5 * time.Second, Class: report} // reads much at once
	Survey   = Limit{Body: 1 << 20, Read: 5 * time.Second, Class: report}  // likewise, and is asked with a large body
)

// OfFile is the limit of an operation that takes a file of so many bytes, over a slow line too.
func OfFile(size int64) Limit {
	return Limit{Body: size, Read: Ordinary.Read + transfer(size), Class: file}
}

// HighRisk tells whether a catalogue marks one of the operation's permissions as high risk.
func (o *Operation) HighRisk() bool {
	return slices.ContainsFunc(o.Access.permissions, func(permission string) bool {
		return slices.ContainsFunc(lookUp(permission), access.Operation.HighRisk)
	})
}

// problem names what the operation leaves out, "" when nothing.
func (o *Operation) problem() string {
	switch {
	case o.ID == "" || o.Method == "" || !strings.HasPrefix(o.Path, "/") || o.Summary == "":
		return "no id, method, path or summary"
	case len(o.Access.permissions) == 0 && o.Access.reason == "":
		return "no permission, and no reason why none"
	case slices.ContainsFunc(o.Access.permissions, func(p string) bool { return len(lookUp(p)) == 0 }):
		return "a permission that the catalogue does not know"
	case o.Tenant == 0:
		return "no source of the tenant"
	case (o.Tenant == Named) != o.Access.anyone:
		return "a tenant that is named although the token has one, or that is the token's although there is none"
	case !eventName.MatchString(o.Event) || len(o.Event) > 64:
		return "no audit event such as role.update"
	case o.Limit.Body <= 0 || o.Limit.Read <= 0:
		return "no limit"
	case DefaultPaces()[o.Limit.Class] == Pace{}:
		return "no class of work"
	case o.Visitors && (o.Access.anyone || len(o.Access.permissions) > 0):
		return "visitors, whom a permission or nothing at all lets in"
	case o.Machine && o.Access.anyone:
		return "a door for the machine where everybody may come in"
	case o.Access.anyone && o.Limit.Body > Small.Body:
		return "a limit that is too large for strangers"
	case o.Access.anyone && (o.StepUp || o.Enrolling || o.ChangesPassword):
		return "a demand on the credentials of nobody"
	}
	return ""
}

var eventName = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$`)
