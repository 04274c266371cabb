package audit

import (
	"errors"
	"slices"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/trail"
)

// encode builds the bytes. A record that became too large as a whole, by long lists of permissions before and after, tells
// what came and went; where even that is too much, it names the changed fields and leaves their values out.
func (e *entry) encode() (err error) {
	whole := e.record.Change
	for _, say := range []func(trail.Change) trail.Change{inFull, byDifference, byName} {
		e.record.Change = say(whole)
		e.bytes, err = e.record.Encode()
		if problem := (*trail.Error)(nil); !errors.As(err, &problem) || problem.Field != "" {
			break
		}
	}
	return err
}

func inFull(whole trail.Change) trail.Change { return whole }

// byDifference leaves out of lists what is the same in both. A list that keeps nothing is shown as it is.
func byDifference(whole trail.Change) (short trail.Change) {
	for f := range whole.All() {
		went, came := without(f.Old, f.New), without(f.New, f.Old)
		switch {
		case f.OldCommitted != "" || f.NewCommitted != "":
			short.Committed(f.Field, f.OldCommitted, f.NewCommitted)
		case len(went) == len(f.Old):
			short.Values(f.Field, f.Old, f.New)
		default:
			short.Names(f.Field)
			short.Values(f.Field+api.Difference, went, came)
		}
	}
	return short
}

func byName(whole trail.Change) (names trail.Change) {
	for f := range whole.All() {
		names.Names(f.Field)
	}
	return names
}

// without returns those of the names that are not among the others, which are sorted. It is never nil.
func without(names, others []string) []string {
	rest := []string{}
	for _, name := range names {
		if _, found := slices.BinarySearch(others, name); !found {
			rest = append(rest, name)
		}
	}
	return rest
}
