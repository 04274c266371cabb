package desk

import (
	"slices"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/fault"
)

// State is where a conversation stands between the question and its end.
type State string

// The states. Held conversations are Active or OnHold: they have an assignee and take a slot of theirs.
const (
	Queued    State = "queued"    // waits for an agent
	Active    State = "active"    // an agent works on it
	OnHold    State = "on_hold"   // its agent waits for a third party
	Parked    State = "parked"    // waits for the requester; its agent's slot is free
	Resolved  State = "resolved"  // ended, and can be reopened for a while
	Closed    State = "closed"    // final
	Abandoned State = "abandoned" // the requester left the queue; final
)

// Held tells whether a conversation in the state has an assignee whose slot it takes.
func (s State) Held() bool { return s == Active || s == OnHold }

// Final tells whether nothing changes any more.
func (s State) Final() bool { return s == Closed || s == Abandoned }

// Open tells whether somebody still has something to do.
func (s State) Open() bool { return s == Queued || s == Parked || s.Held() }

var allStates = []State{Queued, Active, OnHold, Parked, Resolved, Closed, Abandoned}

// Conversation is a request for help as it is stored.
type Conversation struct {
	ID         string
	Number     int64 // for people: #1024
	Requester  string
	CreatedBy  string
	Skill      string // "" for none
	Department string // the one that handles it; "" for none
	Priority   int    // 0, the usual one, to 3, the most urgent
	Subject    string
	State      State

	Assignee       string // who holds it, or held it last; "" while it is queued
	LastAgent      string // who held it last, also while it is queued
	Preferred      string // the agent who goes first
	PreferredUntil time.Time

	QueuedAt   time.Time // since when it waits, for its age
	EnqueuedAt time.Time // when it last entered the queue
	AssignedAt time.Time // to whom holds it
	AskedAt    time.Time // of the requester's last message
	AnsweredAt time.Time // of an agent's last message to the requester; zero before the first
	WakeAt     time.Time // when a parked one returns by itself; zero for never
	EndedAt    time.Time // when it was resolved or abandoned; zero before

	Cycle     int   // 1, and one more with each reopening
	LastSeq   int64 // of everything said and done in it
	PublicSeq int64 // of what its requester sees

	Rating *Rating // nil until the requester gives one

	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time

	NoticedVersion int64     // Version and UpdatedAt as the requester knows them: they
	NoticedAt      time.Time // do not move with what is hidden from the requester
}

// Rating is what the requester thinks of the help.
type Rating struct {
	Score   int // 1 to 5
	Reasons []string
	Text    string
	At      time.Time
}

// object is the conversation as the access rules see it.
func (c *Conversation) object(tenant string) *access.Object {
	o := &access.Object{
		Tenant: tenant, Resource: "conversation", ID: c.ID, Owners: []string{c.Requester},
		Assignee: c.Assignee, Assignable: c.State == Queued,
	}
	if c.Department != "" {
		o.Departments = []string{c.Department}
	}
	return o
}

// holder is who holds the conversation now; "" for nobody.
func (c *Conversation) holder() string {
	if c.State.Held() {
		return c.Assignee
	}
	return ""
}

// ahead is by how much its priority lets a conversation go before others of its age.
func (c *Conversation) ahead() time.Duration { return time.Duration(c.Priority) * ageOfPriority }

// Codes of conversations.
var (
	errWrongState = fault.Define(fault.Conflict, "wrong_state", "The conversation is not in a state in which this can be done.", "会话当前状态不允许此操作。",
		"`detail` names the state; read the conversation again.")
	errEnded = fault.Define(fault.Conflict, "conversation_ended", "The conversation has ended for good.", "会话已关闭。",
		"Start a new one; what was said in this one can still be read.")
)

// mustBe refuses unless the conversation is in one of the states.
func (c *Conversation) mustBe(states ...State) error {
	if slices.Contains(states, c.State) {
		return nil
	}
	if c.State.Final() {
		return errEnded.With("it is %s", c.State)
	}
	return errWrongState.With("it is %s", c.State)
}
