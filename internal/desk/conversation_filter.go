package desk

import (
	"slices"
	"strconv"
	"strings"

	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// ConversationFilter narrows a list and its counts. It is exported because huma passes over embedded
// structs that are not.
type ConversationFilter struct {
	State      string `query:"state" maxLength:"128" doc:"One state, or several with commas between" example:"queued,active"`
	Assignee   string `query:"assignee" maxLength:"64" doc:"Id of who works on it, or did last; me for yourself"`
	Requester  string `query:"requester" maxLength:"64" doc:"Id of who asked; me for yourself"`
	Skill      string `query:"skill" maxLength:"64" doc:"Id"`
	Department string `query:"department" maxLength:"64" doc:"Id; what it or one below it handles, of what others asked"`
	Tag        string `query:"tag" maxLength:"64" doc:"Id; of what others asked"`
	Query      string `query:"q" maxLength:"128" doc:"A number, with # or without, or words of the subject and of what was said"`
}

// filters are everything that decides what a list holds.
func (f *ConversationFilter) filters() []string {
	return []string{f.State, f.Assignee, f.Requester, f.Skill, f.Department, f.Tag, f.Query}
}

// me stands for the caller in filters.
const me = "me"

// where says which conversations the caller sees and has asked for. What the requester's face does not show
// can only be asked about conversations of others: otherwise the answers would tell it.
func (f *ConversationFilter) where(tx *store.Tx, by *caller.Caller) (*store.Where, error) {
	states, err := f.states()
	if err != nil {
		return nil, err
	}
	reads, err := by.Filter("conversation:read")
	if err != nil {
		return nil, err
	}
	w := tx.Where("c")
	w.Covered(reads, conversationCoverage)
	if len(states) > 0 {
		w.And("c.state IN ?", states)
	}
	f.people(w, by)
	if f.Skill != "" {
		w.And("c.skill_id = ?", f.Skill)
	}
	f.behind(w, by)
	f.words(w, by)
	return w, nil
}

func (f *ConversationFilter) states() (states store.Set, err error) {
	if f.State == "" {
		return nil, nil
	}
	for name := range strings.SplitSeq(f.State, ",") {
		if !slices.Contains(allStates, State(name)) {
			return nil, fault.ErrInvalid.At("query.state", "expected states with commas between, of: %s", allStates)
		}
		states = append(states, name)
	}
	return states, nil
}

func (f *ConversationFilter) people(w *store.Where, by *caller.Caller) {
	for column, id := range map[string]string{"c.assignee_id": f.Assignee, "c.requester_id": f.Requester} {
		if id == me {
			id = by.User
		}
		if id != "" {
			w.And(column+" = ?", id)
		}
	}
}

// behind adds what is asked about things that the requester does not see.
func (f *ConversationFilter) behind(w *store.Where, by *caller.Caller) {
	if f.Department != "" {
		w.And("c.department_id IN ?", store.Set(by.Subject.Snapshot().Reach([]string{f.Department})))
	}
	if f.Tag != "" {
		w.And(`EXISTS (
			SELECT 1
			FROM conversation_tags x
			WHERE x.tenant_id = $1 AND x.conversation_id = c.id AND x.tag_id = ?)`, f.Tag)
	}
	if f.Department != "" || f.Tag != "" {
		w.And("c.requester_id <> ?", by.User)
	}
}

// words looks for a number, or for words that were said.
func (f *ConversationFilter) words(w *store.Where, by *caller.Caller) {
	if strings.TrimSpace(f.Query) == "" {
		return
	}
	digits, marked := strings.CutPrefix(strings.TrimSpace(f.Query), "#")
	var alternatives []store.Condition
	if number, err := strconv.ParseInt(digits, 10, 64); err == nil {
		alternatives = append(alternatives, store.Condition{Text: "c.number = ?", Args: []any{number}})
	}
	if !marked {
		alternatives = append(alternatives, withWords(f.Query, by.User))
	}
	w.AnyOf(alternatives)
}
