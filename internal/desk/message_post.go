package desk

import (
	"context"
	"slices"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// Codes of messages.
var (
	errNotAssignee = fault.Define(fault.Forbidden, "not_the_assignee", "Only the agent who holds the conversation writes to its requester.", "只有受理该会话的坐席可以回复提问人。",
		"Write a note, or barge in: POST /v1/conversations/{id}/barge.")
	errNotForRequester = fault.Define(fault.Forbidden, "requester_only_replies", "The requester of a conversation only replies in it.", "提问人只能在会话中回复。",
		"Send a message of kind `text` or `file`.")
	errOtherMessage = fault.Define(fault.Conflict, "client_msg_id_taken", "You have sent another message under this client_msg_id.", "该 client_msg_id 已用于另一条消息。",
		"Send each message under an id of its own, and the same message again only as it was.")
	errMention = fault.Define(fault.Invalid, "mention_unreachable", "Somebody mentioned cannot read the conversation.", "被提及的人无权查看该会话。",
		"Mention people whose conversation:read covers it, and not its requester.")
)

// draft is what somebody wants to say.
type draft struct {
	kind     Kind
	text     string
	file     string   // of a file: its id
	mentions []string // of a note: users
	clientID string   // "" for none
}

// said is a message as it was stored, and as its author sees it.
type said struct {
	message Message
	again   bool // it had been stored before
	reader  reader
	around  mentioned
}

// post says something in a conversation: as its requester, as the agent who holds it, or as a note.
func (s *Service) post(ctx context.Context, by *caller.Caller, id string, d draft) (out said, err error) {
	err = s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		out = said{}
		c, err := s.edit(ctx, tx, id, func(e *edit) (err error) {
			out.message, out.again, err = e.post(ctx, by, d)
			return err
		})
		if err != nil {
			return err
		}
		return s.concludePost(ctx, tx, by, &c, &out)
	})
	return out, err
}

// concludePost adds what the answer needs, and the record unless there is none to write: nothing has
// happened when a message is only sent again.
func (s *Service) concludePost(ctx context.Context, tx *store.Tx, by *caller.Caller, c *Conversation, out *said) (err error) {
	out.reader = readerOf(by.Subject, by.User, c, by.Tenant, by.At)
	if out.around, err = mentionedIn(ctx, tx, out.message, Message{Author: by.User}); err != nil {
		return err
	}
	api.Touched(ctx, "conversation", c.ID)
	if out.message.ID != "" {
		api.Touched(ctx, "message", out.message.ID)
	}
	if out.again {
		return nil
	}
	return s.config.Audit.Append(ctx, tx)
}

// post judges who speaks, and says it. What somebody has said before under the same id is not said again.
func (e *edit) post(ctx context.Context, by *caller.Caller, d draft) (m Message, again bool, err error) {
	permission, speak := "conversation:update", speech(e.answer)
	switch {
	case by.User == e.now.Requester:
		permission, speak = "conversation:reply", e.ask
	case d.kind == Note:
		speak = e.note
	}
	if err := by.Require(permission, e.now.object(by.Tenant)); err != nil {
		return m, false, err
	}
	if by.Visit != nil {
		return m, false, caller.ErrVisitorIsNobody
	}
	return e.once(ctx, by, d, speak)
}

// speech judges a message by who speaks and says it.
type speech func(ctx context.Context, by *caller.Caller, m Message) (Message, error)

// once speaks unless the author has said this before, under the same id of theirs.
func (e *edit) once(ctx context.Context, by *caller.Caller, d draft, speak speech) (Message, bool, error) {
	earlier, err := findRetry(ctx, e.tx, e.now.ID, by.User, d.clientID)
	switch {
	case err != nil:
		return Message{}, false, err
	case earlier != nil && !earlier.says(d):
		return Message{}, false, errOtherMessage
	case earlier != nil:
		return *earlier, true, nil
	}
	m, err := speak(ctx, by, Message{Kind: d.kind, Author: by.User, Body: d.text, File: d.file, Mentions: d.mentions, ClientID: d.clientID})
	return m, false, err
}

// says tells whether the message is what the draft would become.
func (m *Message) says(d draft) bool {
	return m.Kind == d.kind && m.Body == d.text && m.File == d.file && slices.Equal(m.Mentions, d.mentions)
}

// ask speaks as the requester. What waits for them goes on: parked, it is queued again; resolved, it is
// reopened while that is possible.
func (e *edit) ask(ctx context.Context, _ *caller.Caller, m Message) (Message, error) {
	if m.Kind == Note {
		return Message{}, errNotForRequester
	}
	if err := e.goOn(ctx); err != nil {
		return Message{}, err
	}
	e.now.AskedAt = e.tx.Now
	m.AuthorFace = AsRequester
	return e.say(ctx, m)
}

// goOn brings a conversation whose requester speaks to where somebody listens.
func (e *edit) goOn(ctx context.Context) error {
	switch e.now.State {
	case Parked:
		return e.wake(ctx, e.now.Requester)
	case Resolved:
		if err := e.mustBeInTime(ctx); err != nil {
			return err
		}
		return e.reopen(ctx, e.now.Requester)
	}
	return e.now.mustBe(Queued, Active, OnHold)
}

// answer speaks to the requester as the agent who holds the conversation.
func (e *edit) answer(ctx context.Context, _ *caller.Caller, m Message) (Message, error) {
	if m.Author != e.now.Assignee {
		return Message{}, errNotAssignee
	}
	if err := e.now.mustBe(Active, OnHold); err != nil {
		return Message{}, err
	}
	e.now.AnsweredAt = e.tx.Now
	if err := e.cycleAnswered(ctx); err != nil {
		return Message{}, err
	}
	if err := forgiveUnanswered(ctx, e.tx, m.Author); err != nil {
		return Message{}, err
	}
	m.AuthorFace = AsAgent
	return e.say(ctx, m)
}

// note speaks among those who work on the conversation.
func (e *edit) note(ctx context.Context, by *caller.Caller, m Message) (Message, error) {
	if e.now.State.Final() {
		return Message{}, e.now.mustBe()
	}
	if err := e.checkMentions(by, m.Mentions); err != nil {
		return Message{}, err
	}
	m.AuthorFace = AsAgent
	return e.say(ctx, m)
}

// checkMentions refuses to call on somebody who would not get to see what they were called for.
func (e *edit) checkMentions(by *caller.Caller, users []string) error {
	read, err := by.Catalogue.Operation("conversation", "read")
	if err != nil {
		return err
	}
	for i, user := range users {
		subject, _ := by.Subject.Snapshot().Subject(user)
		if user == e.now.Requester || !subject.Check(read, e.now.object(by.Tenant), by.At).Allow {
			return errMention.At("body.mentions", "number %d", i+1)
		}
	}
	return nil
}
