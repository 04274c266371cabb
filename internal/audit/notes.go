package audit

import (
	"fmt"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/trail"
)

// roomForAlike is up to how many bytes of what is said of objects they share a record: the rest of it is
// for naming them.
const roomForAlike = trail.MaxRecord / 4

// gather puts the notes of many objects into as few as tell the same, in the order in which they were taken.
// Those of which the same is said share a record, as many as it may have targets; values that are only
// committed to are somebody's own, and have one to themselves.
func gather(each []*api.Notes) []*api.Notes {
	var gathered []*api.Notes
	alike := map[string]*api.Notes{}
	for _, n := range each {
		said := fmt.Sprintf("%#v", n.Changes) // in which no value differs from an empty list
		together := alike[said]
		if together != nil && len(together.Targets)+len(n.Targets) <= trail.MaxTargets && len(n.Private) == 0 {
			together.Targets = append(together.Targets, n.Targets...)
			continue
		}
		own := *n
		gathered = append(gathered, &own)
		if len(n.Private) == 0 && len(said) <= roomForAlike {
			alike[said] = &own
		}
	}
	return gathered
}

// callsOf are the calls that tell, each in a record, what one call did to many objects. The first has the
// call's own id and counts all of the objects; the others differ from it by their ids and by what they tell.
func callsOf(call *api.Call, each []*api.Notes, at time.Time) []*api.Call {
	told := gather(each)
	if len(told) == 0 {
		return []*api.Call{call}
	}
	first := *call
	if call.Count == 0 {
		for _, n := range told {
			first.Count += int64(len(n.Targets))
		}
	}
	if empty(call.Notes) {
		first.Notes, told = *told[0], told[1:]
	}
	calls := []*api.Call{&first}
	for _, n := range told {
		one := *call
		one.ID, one.Notes, one.Count = store.NewID(at), *n, int64(len(n.Targets))
		calls = append(calls, &one)
	}
	return calls
}

func empty(n api.Notes) bool {
	for range n.Changes.All() {
		return false
	}
	return len(n.Targets) == 0 && len(n.Private) == 0
}
