package desk

import (
	"fmt"
	"hash/fnv"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/policy"
)

// What streams ask about. None of it may be of high risk: that would have to be allowed anew by a second
// factor every ten minutes, and a stream has nobody to ask.
var (
	toRead    = calm("conversation", "read")
	toUpdate  = calm("conversation", "update")
	toTake    = calm("conversation", "take")
	toMonitor = calm("conversation", "monitor")
	toSeeDesk = calm("dashboard", "read")
)

func calm(resource, action string) access.Operation {
	op, err := access.BuiltIn().Operation(resource, action)
	if err != nil || op.HighRisk() {
		panic(fmt.Sprintf("desk: streams cannot depend on %s:%s", resource, action))
	}
	return op
}

// rights are the rules of one transaction, and its instant.
type rights struct {
	policy       *policy.Compiled
	tenant       string
	at           time.Time
	supervisions map[supervisionOf]Mode // the modes of those that are open
}

type supervisionOf struct{ conversation, user string }

func (r *rights) subject(user string) access.Subject {
	subject, _ := r.policy.Subject(user) // of nobody, which may do nothing, when there is none
	return subject
}

// thread says what somebody who follows a conversation sees of it, and whether the others are shown that
// they are typing; or why they may not follow it.
func (r *rights) thread(c *Conversation, user string) (sees reader, speaks bool, refusal *fault.Code) {
	subject, o := r.subject(user), c.object(r.tenant)
	if !subject.Check(toRead, o, r.at).Allow {
		return reader{}, false, fault.ErrNotFound
	}
	sees = readerOf(subject, user, c, r.tenant, r.at)
	mode := r.supervisions[supervisionOf{c.ID, user}]
	switch {
	case sees.requester, c.holder() == user:
		return sees, true, nil
	case mode != "" && subject.Check(toMonitor, o, r.at).Allow:
		return sees, mode == Barging, nil
	}
	return reader{}, false, errNoPart
}

// list says which conversations the list shows to somebody, and by which view; or why they have none. Who
// reads nothing but what they asked for themselves has no list of others'.
func (r *rights) list(user string) (covers access.Filter, view string, refusal *fault.Code) {
	subject := r.subject(user)
	covers = subject.Filter(toRead, r.at)
	works := subject.Holds(toUpdate, access.Own, r.at) || subject.Holds(toTake, access.Own, r.at) || subject.Holds(toTake, access.Unassigned, r.at)
	if covers.Nothing() || !works && !covers.Everything && !covers.Unassigned && len(covers.Departments) == 0 {
		return access.Filter{}, "", errNoList
	}
	return covers, viewOf(covers), nil
}

// viewOf tells two filters of the same user apart.
func viewOf(f access.Filter) string {
	h := fnv.New64a()
	fmt.Fprintln(h, f.Everything, f.Owner, f.Assignee, f.Unassigned, f.Departments)
	return fmt.Sprintf("%x", h.Sum64())
}

// mine says why somebody may not follow their own requests, nil when they may.
func (r *rights) mine(user string) *fault.Code {
	if !r.subject(user).Holds(toRead, access.Own, r.at) {
		return errNoList
	}
	return nil
}

// board says why somebody may not follow the board, nil when they may.
func (r *rights) board(user string) *fault.Code {
	if r.subject(user).Filter(toSeeDesk, r.at).Nothing() {
		return errNoBoard
	}
	return nil
}
