package desk

import (
	"context"
	"time"
	"unicode/utf8"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/store"
)

// conversationJSON is a conversation as one reader sees it. What stands behind the face is for those with
// the agent's face only.
type conversationJSON struct {
	ID           string                   `json:"id"`
	Number       int64                    `json:"number" doc:"For people: #1024"`
	Subject      string                   `json:"subject"`
	State        string                   `json:"state" enum:"queued,active,on_hold,parked,resolved,closed,abandoned"`
	Skill        api.OrNull[named]        `json:"skill"`
	Requester    named                    `json:"requester"`
	Assignee     api.OrNull[named]        `json:"assignee" doc:"Who works on it now; null for nobody"`
	LastAssignee api.OrNull[named]        `json:"last_assignee" doc:"Who worked on it last; null before anybody did"`
	QueuedAt     time.Time                `json:"queued_at" doc:"Since when it waits, or waited last; going back to the queue leaves it"`
	AssignedAt   *time.Time               `json:"assigned_at" doc:"To whom works on it now"`
	EndedAt      *time.Time               `json:"ended_at" doc:"When it was resolved or left; null before"`
	WakeAt       *time.Time               `json:"wake_at" doc:"When a parked one returns to the queue by itself; null for never"`
	Cycle        int                      `json:"cycle" doc:"1, and one more with each reopening"`
	Rating       api.OrNull[ratingJSON]   `json:"rating"`
	LastSeq      int64                    `json:"last_seq" doc:"Of its messages, in the reader's own numbering"`
	Unread       int64                    `json:"unread" doc:"How many messages of others the reader has not read, who asked or works on it; 0 for everybody else"`
	LastMessage  api.OrNull[lastSaidJSON] `json:"last_message" doc:"What somebody said last; null for nothing"`
	CreatedAt    time.Time                `json:"created_at"`
	UpdatedAt    time.Time                `json:"updated_at" doc:"When it changed last, or something was said, as far as the reader sees it"`
	Version      int64                    `json:"version" doc:"Grows with each change that the reader sees, messages apart; what If-Match names"`
	Position     *int64                   `json:"position,omitempty" doc:"While it waits: how many of its skill are before it; 1,000 stands for more, too"`

	Face       string     `json:"face" enum:"requester,agent" doc:"As whom the reader sees it. Whoever asked is the requester, whatever roles they hold"`
	Department *named     `json:"department,omitempty" doc:"The one that handles it"`
	Priority   *int       `json:"priority,omitempty" doc:"0, the usual one, to 3"`
	Tags       []named    `json:"tags,omitempty"`
	CreatedBy  *named     `json:"created_by,omitempty" doc:"Who asked on behalf of the requester"`
	Preferred  *named     `json:"preferred,omitempty" doc:"The agent who goes first while it waits"`
	AskedAt    *time.Time `json:"asked_at,omitempty" doc:"Of the requester's last message"`
	AnsweredAt *time.Time `json:"answered_at,omitempty" doc:"Of the last answer"`
	Forced     bool       `json:"forced,omitempty" doc:"Whoever works on it was given it over their limit"`

	Cursors     *cursorsJSON     `json:"cursors,omitempty" doc:"How far the two have come, in the reader's own numbering; where one conversation is read"`
	Supervisors []supervisorJSON `json:"supervisors,omitempty" doc:"Those of whom the reader knows; where one conversation is read"`
}

type ratingJSON struct {
	Score   int       `json:"score"`
	Reasons []string  `json:"reasons"`
	Text    string    `json:"text"`
	At      time.Time `json:"at"`
}

type lastSaidJSON struct {
	Kind      string    `json:"kind" enum:"text,file,note"`
	Author    named     `json:"author"`
	Text      string    `json:"text" doc:"Its beginning"`
	CreatedAt time.Time `json:"created_at"`
}

// excerpt is how many characters of a message a row shows.
const excerpt = 120

// view is everything besides the conversations themselves that rows of them are shown with. It is read once
// for all of them and for all who see them.
type view struct {
	people      people
	skills      map[string]string
	departments map[string]string
	tags        map[string][]named
	public      map[string]Message          // what was said last for everybody to see
	said        map[string]Message          // what was said last, notes among it
	unread      map[string]map[string]int64 // how many messages the requester and the holder have not read
	before      map[string]int64            // how many wait before
	forced      map[string]bool
}

// view reads what rows of these conversations are shown with: one query for each kind of thing, however
// many the conversations are.
func (s *Service) view(ctx context.Context, tx *store.Tx, list ...Conversation) (*view, error) {
	v := &view{}
	if len(list) == 0 {
		return v, nil
	}
	ids := idsOf(list)
	for _, read := range []func() error{
		func() (err error) { v.skills, err = names(ctx, tx, skillNames, list, skillOf); return err },
		func() (err error) {
			v.departments, err = names(ctx, tx, departmentNames, list, departmentOf)
			return err
		},
		func() (err error) { v.tags, err = tagsOf(ctx, tx, ids); return err },
		func() (err error) { v.public, err = lastSaid(ctx, tx, ids, "'text', 'file'"); return err },
		func() (err error) { v.said, err = lastSaid(ctx, tx, ids, "'text', 'file', 'note'"); return err },
		func() (err error) { v.unread, err = unread(ctx, tx, list); return err },
		func() (err error) { v.before, err = waitingBefore(ctx, tx, list); return err },
		func() (err error) { v.forced, err = heldByForce(ctx, tx, list); return err },
	} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	var err error
	v.people, err = findPeople(ctx, tx, v.everybody(list))
	return v, err
}

// everybody are the users whose names the rows show.
func (v *view) everybody(list []Conversation) (ids []string) {
	for _, c := range list {
		ids = append(ids, c.Requester, c.CreatedBy, c.Assignee, c.LastAgent, c.Preferred, v.public[c.ID].Author, v.said[c.ID].Author)
	}
	return ids
}

// row is a conversation as the reader sees it.
func (v *view) row(c *Conversation, r reader) conversationJSON {
	out := conversationJSON{
		ID: c.ID, Number: c.Number, Subject: c.Subject, State: string(c.State), Face: string(AsRequester),
		Skill: orNull(nameOf(v.skills, c.Skill)), Requester: v.people.name(c.Requester),
		Assignee: v.people.person(c.holder()), LastAssignee: v.people.person(c.LastAgent),
		QueuedAt: c.QueuedAt, AssignedAt: orNever(c.AssignedAt), EndedAt: orNever(c.EndedAt), WakeAt: orNever(c.WakeAt),
		Cycle: c.Cycle, Rating: orNull(c.Rating.json()), LastSeq: r.last(c), Unread: v.unread[c.ID][r.user],
		LastMessage: orNull(v.last(v.public, c)), CreatedAt: c.CreatedAt, UpdatedAt: r.updated(c), Version: r.version(c),
	}
	if n, waits := v.before[c.ID]; waits {
		out.Position = &n
	}
	if !r.requester {
		v.behind(c, &out)
	}
	return out
}

// behind adds what the requester does not see.
func (v *view) behind(c *Conversation, out *conversationJSON) {
	out.Face, out.LastMessage = string(AsAgent), orNull(v.last(v.said, c))
	out.Department, out.Priority, out.Tags = nameOf(v.departments, c.Department), &c.Priority, v.tags[c.ID]
	out.Preferred, out.AskedAt, out.AnsweredAt = nameOf(v.people, c.Preferred), orNever(c.AskedAt), orNever(c.AnsweredAt)
	out.Forced = v.forced[c.ID]
	if c.CreatedBy != c.Requester {
		out.CreatedBy = nameOf(v.people, c.CreatedBy)
	}
}

func (v *view) last(said map[string]Message, c *Conversation) *lastSaidJSON {
	m, any := said[c.ID]
	if !any {
		return nil
	}
	return &lastSaidJSON{Kind: string(m.Kind), Author: v.people.name(m.Author), Text: beginning(m.Body), CreatedAt: m.CreatedAt}
}

// beginning cuts a text after its first characters.
func beginning(text string) string {
	if utf8.RuneCountInString(text) <= excerpt {
		return text
	}
	return string([]rune(text)[:excerpt-1]) + "…"
}

func (r *Rating) json() *ratingJSON {
	if r == nil {
		return nil
	}
	return &ratingJSON{Score: r.Score, Reasons: append([]string{}, r.Reasons...), Text: r.Text, At: r.At}
}

func nameOf(names map[string]string, id string) *named {
	if id == "" {
		return nil
	}
	return &named{ID: id, Name: names[id]}
}

func orNull[T any](value *T) api.OrNull[T] { return api.OrNull[T]{Value: value} }

// orNever is an instant of an answer in which the zero one is null.
func orNever(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
