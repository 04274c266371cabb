package policy

import (
	"slices"
	"strings"

	"github.com/usher-desk/usher/access"
)

// Difference is how one user stands differently after a change: what they may do, and whether they need a
// second factor to sign in.
type Difference struct {
	access.Difference
	SecondFactor demand
}

// demand is what a change makes of a user's need of a second factor; "" where it stays as it is.
type demand string

const (
	needed    demand = "needed"
	notNeeded demand = "no_longer_needed"
)

// differences are those of all users, by their ids.
func (c change) differences() (list []Difference) {
	demands := c.demands()
	for _, d := range access.Preview(c.before.Snapshot, c.after.Snapshot, c.at) {
		list = append(list, Difference{d, demands[d.Subject]})
		delete(demands, d.Subject)
	}
	for user, how := range demands {
		list = append(list, Difference{access.Difference{Subject: user}, how})
	}
	if len(demands) > 0 {
		slices.SortFunc(list, func(a, b Difference) int { return strings.Compare(a.Subject, b.Subject) })
	}
	return list
}

// demands says of whom the change demands a second factor as nothing did before, and of whom nothing does any
// longer. Who has gone needs none for another reason.
func (c change) demands() map[string]demand {
	found := map[string]demand{}
	look := func(user string) {
		was, is := c.before.DemandsSecondFactor(user, c.at), c.after.DemandsSecondFactor(user, c.at)
		switch {
		case !was && is:
			found[user] = needed
		case was && !is:
			found[user] = notNeeded
		}
	}
	if c.demandMoved() {
		for _, s := range c.after.Subjects() {
			look(s.ID())
		}
		return found
	}
	for p := range c.rewritten {
		if isThere(p.After) {
			look(p.ID)
		}
	}
	return found
}

// demandMoved reports whether users may need a second factor, or no longer need one, who were not written to
// themselves: by a role of theirs, or by the tenant.
func (c change) demandMoved() bool {
	if c.before.requireSecondFactor != c.after.requireSecondFactor {
		return true
	}
	for name, mark := range c.after.roles {
		if (mark.requiresMFA || c.before.roles[name].requiresMFA) && c.touches(name) {
			return true
		}
	}
	return false
}
