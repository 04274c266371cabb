package policy

import (
	"maps"
	"time"

	"github.com/usher-desk/usher/access"
)

// change is a change of access as the guard rails see it.
type change struct {
	before, after *Compiled
	actor         access.Subject // who makes it, as of before
	at            time.Time
	able          []string // those administrators of after who can sign in

	exclusions []Exclusion // as of after
	settled    *settlement // of one of them; nil where none changes

	touched     []access.Pair // everybody who may stand differently; the others need no look
	forestMoved bool          // some department came, went or has another parent
}

func newChange(before, after *Compiled, actor access.Subject, at time.Time, able []string) change {
	return change{
		before: before, after: after, actor: actor, at: at, able: able,
		touched:     access.Compare(before.Snapshot, after.Snapshot),
		forestMoved: !maps.Equal(before.parents, after.parents),
	}
}

// rewritten yields those of the touched of whom the policy itself says something else, and who came or
// went. Of the others it says the same, and what they hold differs by their roles and departments.
func (c change) rewritten(yield func(access.Pair) bool) {
	for _, p := range c.touched {
		if !unwritten(p) && !yield(p) {
			return
		}
	}
}

func unwritten(p access.Pair) bool {
	return !p.Written || isThere(p.Before) && isThere(p.After) && sameUser(p.Before.User(), p.After.User())
}

func isThere(s access.Subject) bool { return s.ID() != "" }

// judge returns why a change must not be, or nil. It looks at nothing but its argument. The rails
// are asked in an order that tells people the nearest reason first.
func judge(c change) error {
	if err := ownAccess(c); err != nil {
		return err
	}
	return judgeOthers(c)
}

// judgeOthers asks the rails that are not about the actor's own record alone. How many roles somebody gets comes before what
// is in them, which is the dearer question.
func judgeOthers(c change) error {
	return firstOf(c, strongerUser, strongerRole, rolesFull, tooManyRoles, written, excludedRoles, lastAdministrator)
}

// judgeUsers asks the rails that are about single users.
func judgeUsers(c change) error {
	return firstOf(c, strongerUser, tooManyRoles, writtenToUsers, excludedRoles)
}

func firstOf(c change, rails ...func(change) error) error {
	for _, rail := range rails {
		if err := rail(c); err != nil {
			return err
		}
	}
	return nil
}
