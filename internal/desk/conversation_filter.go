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

// narrow adds what was asked for.
func (f *ConversationFilter) narrow(p part, by *caller.Caller) {
	if f.Assignee != "" {
		p.And("c.assignee_id = ?", orSelf(f.Assignee, by))
	}
	if f.Requester != "" {
		p.And("c.requester_id = ?", f.asker(by))
	}
	if f.Skill != "" {
		p.And("c.skill_id = ?", f.Skill)
	}
	f.behind(p, by)
	if f.searches() {
		f.words(p)
	}
}

// me stands for the caller in filters.
const me = "me"

func orSelf(id string, by *caller.Caller) string {
	if id == me {
		return by.User
	}
	return id
}

// asker is whose requests are asked for; "" for everybody's.
func (f *ConversationFilter) asker(by *caller.Caller) string { return orSelf(f.Requester, by) }

// searches tells whether something is looked for.
func (f *ConversationFilter) searches() bool { return strings.TrimSpace(f.Query) != "" }

// inState is the condition on states, "" for none. It names them itself: a database knows how many there are
// of each, and has indexes of some.
func (f *ConversationFilter) inState() (string, error) {
	if f.State == "" {
		return "", nil
	}
	asked := strings.Split(f.State, ",")
	var names []string
	for _, s := range allStates {
		if slices.Contains(asked, string(s)) {
			names = append(names, "'"+string(s)+"'")
		}
		asked = slices.DeleteFunc(asked, func(name string) bool { return name == string(s) })
	}
	if len(asked) > 0 {
		return "", fault.ErrInvalid.At("query.state", "expected states with commas between, of: %s", allStates)
	}
	return "c.state IN (" + strings.Join(names, ", ") + ")", nil
}

// behind adds what is asked about things that the requester does not see.
func (f *ConversationFilter) behind(p part, by *caller.Caller) {
	if f.Department != "" {
		p.And("c.department_id IN ?", store.Set(by.Subject.Snapshot().Reach([]string{f.Department})))
	}
	if f.Tag != "" {
		p.And(`EXISTS (
			SELECT 1
			FROM conversation_tags x
			WHERE x.tenant_id = $1 AND x.conversation_id = c.id AND x.tag_id = ?)`, f.Tag)
	}
}

// words looks for a number, or for words that were said.
func (f *ConversationFilter) words(p part) {
	digits, marked := strings.CutPrefix(strings.TrimSpace(f.Query), "#")
	var alternatives []store.Condition
	if number, err := strconv.ParseInt(digits, 10, 64); err == nil {
		alternatives = append(alternatives, store.Condition{Text: "c.number = ?", Args: []any{number}})
	}
	if !marked {
		alternatives = append(alternatives, withWords(f.Query, p.own))
	}
	p.AnyOf(alternatives)
}
