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

	forestMoved bool // some department came, went or has another parent
}

func newChange(before, after *Compiled, actor access.Subject, at time.Time, able []string) change {
	return change{before, after, actor, at, able, !maps.Equal(before.parents, after.parents)}
}

// judge returns why a change must not be, or nil. It looks at nothing but its argument. The rails
// are asked in an order that tells people the nearest reason first.
func judge(c change) error {
	for _, rail := range []func(change) error{ownAccess, strongerUser, strongerRole, written, tooManyRoles, lastAdministrator} {
		if err := rail(c); err != nil {
			return err
		}
	}
	return nil
}
