package trail

import "time"

// Record is one record of the audit trail, version 1. Fields left at their zero value are absent from the bytes,
// unless their comment says otherwise.
type Record struct {
	ID      string    // UUIDv7, given when the operation was accepted; required
	Log     string    // the trail it lies in, "<host>/audit/<tenant id>"; required, so that it cannot be replayed into another
	Time    time.Time // written in UTC to the microsecond, anything finer is cut off; required
	Actor   Actor
	Action  Action
	Target  []Ref // the objects really touched, as the operation found them, not as the request named them
	Change  Change
	Context Context
	Outcome Outcome
}

// Ref names an object by its type, such as "conversation", and its id.
type Ref struct {
	Type string
	ID   string
}

// Actor is who did it. A token that did not verify says nothing about anybody: such an actor is [Anonymous] and
// holds nothing else.
type Actor struct {
	Type  ActorType
	ID    string   // required, except for an anonymous actor
	Roles []string // the role names of the verified token; written sorted and once each
	SID   string   // the session
	AMR   []string // how the session was authenticated, in the order of the token
	For   *Ref     // whom it was done for: the tenant that was entered, the user on whose behalf
}

// ActorType tells what kind of identity acts.
type ActorType string

const (
	User        ActorType = "user"
	Application ActorType = "application"
	Platform    ActorType = "platform" // platform staff, also while inside a tenant
	System      ActorType = "system"   // a job, the sequencer, the command line
	Anonymous   ActorType = "anonymous"
)

// Action is what was done, through which door, and what allowed it.
type Action struct {
	Op         Op
	Method     string // HTTP method or WebSocket message type; required for those two
	Route      string // the template of the route, never the raw path; required for HTTP and WebSocket
	Event      string // stable name, such as "role.update"; required
	Permission string // the permission that decided
	StepUp     StepUp
	Policy     string // version of the roles and assignments the decision saw
}

// Op is the door an operation came through.
type Op string

const (
	HTTP Op = "http"
	WS   Op = "ws"
	Job  Op = "job"
	CLI  Op = "cli"
)

// StepUp tells whether an operation that asks for a fresh second factor had one. The zero value means that it
// asks for none.
type StepUp string

const (
	StepUpNone  StepUp = "none"  // asked for and not given
	StepUpFresh StepUp = "fresh" // asked for and given
)

// Context is where an operation happened.
type Context struct {
	Tenant   string                // required
	Request  string                // the id found in log and answer too; required for HTTP and WebSocket
	Node     string                // the node of the cluster that answered; required
	Personal map[string]Commitment // field, such as "address" or "user_agent", to the commitment to its value
}

// Outcome is how it ended. Its three numbers are always written.
type Outcome struct {
	Result Result
	Code   int    // HTTP status or WebSocket code as sent; 0 where none was sent or nobody knows
	Reason string // the stable code of the refusal, the same as in the answer; required for a failure
	MS     int64  // duration in milliseconds
	N      int64  // objects returned or changed, or refusals counted together
}

// Result is one word for an outcome.
type Result string

const (
	Success Result = "success"
	Failure Result = "failure"
	Unknown Result = "unknown" // a crash or a lost connection hides how it ended
)
