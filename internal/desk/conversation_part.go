package desk

import (
	"slices"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

// part is a piece of a list: either of the caller's own requests, which they see with the requester's face,
// or of what others asked.
type part struct {
	*store.Where
	own bool
}

// parts says which conversations the caller sees and has asked for.
func (f *ConversationFilter) parts(tx *store.Tx, by *caller.Caller, ways func(access.Filter) [][]store.Condition) ([]part, error) {
	inState, err := f.inState()
	if err != nil {
		return nil, err
	}
	parts, err := f.seen(tx, by, ways)
	for _, p := range parts {
		if inState != "" {
			p.And(inState)
		}
		f.narrow(p, by)
	}
	return parts, err
}

// seen are the caller's own requests in one part, and in others what others asked. What the requester's face
// does not show can only be asked about those: otherwise the answers would tell it.
func (f *ConversationFilter) seen(tx *store.Tx, by *caller.Caller, ways func(access.Filter) [][]store.Condition) (parts []part, err error) {
	reads, err := by.Filter("conversation:read")
	if err != nil {
		return nil, err
	}
	asker := f.asker(by)
	if (asker == "" || asker == by.User) && f.Department == "" && f.Tag == "" {
		w := tx.Where("c")
		w.And("c.requester_id = ?", by.User)
		if !reads.Owner { // which covers all of them; said all the same, it leads PostgreSQL away from the index
			w.Covered(reads, conversationCoverage)
		}
		parts = append(parts, part{w, true})
	}
	if reads.Owner = false; asker == by.User || reads.Nothing() {
		return parts, nil
	}
	for _, any := range ways(reads) {
		w := tx.Where("c")
		w.And("c.requester_id <> ?", by.User)
		w.AnyOf(any)
		parts = append(parts, part{w, false})
	}
	return parts, nil
}

// together makes one part of all that others asked.
func together(reads access.Filter) [][]store.Condition { return [][]store.Condition{waysToSee(reads)} }

// apart makes a part for each way in which the caller may see it, and what is seen in two ways is in two: a
// database finds the first rows of each by an index, and of all together by none.
func apart(reads access.Filter) (ways [][]store.Condition) {
	return slices.Collect(slices.Chunk(waysToSee(reads), 1))
}

// manyDepartments are so many that one query for all of them costs less than one for each.
const manyDepartments = 20

// waysToSee are the conditions under which the filter covers a conversation, with one for each department:
// the latest of one department lie together in an index, the latest of several do not.
func waysToSee(reads access.Filter) []store.Condition {
	if len(reads.Departments) > manyDepartments {
		return conversationCoverage.Alternatives(reads)
	}
	departments := reads.Departments
	reads.Departments = nil
	ways := conversationCoverage.Alternatives(reads)
	for _, d := range departments {
		ways = append(ways, store.Condition{Text: "c.department_id = ?", Args: []any{d}})
	}
	return ways
}
