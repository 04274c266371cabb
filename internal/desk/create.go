package desk

import (
	"context"
	"errors"
	"net/http"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

type createInput struct {
	Body struct {
		Skill       string   `json:"skill" minLength:"1" maxLength:"64" doc:"Id of what is needed"`
		Subject     string   `json:"subject" minLength:"1" maxLength:"200"`
		Text        string   `json:"text" minLength:"1" maxLength:"8000" doc:"The first message"`
		Files       []string `json:"files,omitempty" maxItems:"5" maxLength:"64" doc:"Ids of files that were uploaded and that no message carries yet; each becomes a message of its own"`
		ClientMsgID string   `json:"client_msg_id,omitempty" maxLength:"64" doc:"Your own id of it: sent again under it, it makes no second conversation"`
		Requester   string   `json:"requester,omitempty" maxLength:"64" doc:"Id of the user on whose behalf you ask; yourself when absent"`
		Priority    int      `json:"priority,omitempty" minimum:"0" maximum:"3" doc:"When you ask on behalf of somebody"`
	}
}

type createOutput struct {
	Status int
	ETag   string `header:"ETag"`
	Body   conversationJSON
}

func (s *Service) handleCreate(ctx context.Context, in *createInput) (*createOutput, error) {
	by := caller.Must(ctx)
	if by.Visit != nil {
		return nil, caller.ErrVisitorIsNobody
	}
	q, err := in.request(by)
	if err != nil {
		return nil, err
	}
	out, err := s.create(ctx, by, q)
	if errors.Is(err, store.ErrDuplicate) { // the same request, sent twice at once: the other was faster
		out, err = s.create(ctx, by, q)
	}
	return out, err
}

// request is what a conversation is made from.
type request struct {
	requester, author string
	skill, subject    string
	text, clientID    string
	files             []string
	priority          int
	department        string // to be found
}

// request takes what was sent as text, without a look at what it names.
func (in *createInput) request(by *caller.Caller) (q request, err error) {
	b := &in.Body
	q = request{requester: b.Requester, author: by.User, skill: b.Skill, files: b.Files, clientID: b.ClientMsgID, priority: b.Priority}
	if q.requester == "" {
		q.requester = by.User
	}
	if q.priority > 0 && q.requester == q.author {
		return q, fault.ErrInvalid.At("body.priority", "is for those who ask on behalf of somebody else")
	}
	if q.subject, err = checkSubject("body.subject", b.Subject); err != nil {
		return q, err
	}
	if q.text, err = checkText("body.text", b.Text); err != nil {
		return q, err
	}
	return q, checkClientID("body.client_msg_id", q.clientID)
}

// create makes the conversation with its first messages, unless the author has sent them before.
func (s *Service) create(ctx context.Context, by *caller.Caller, q request) (out *createOutput, err error) {
	err = s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		if err := q.admit(ctx, tx, by); err != nil {
			return err
		}
		made, err := findCreated(ctx, tx, q.author, q.clientID)
		switch {
		case err == nil:
			out, err = s.createdBefore(ctx, tx, by, made, q)
			return err
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
		if made, err = s.begin(ctx, tx, q); err != nil {
			return err
		}
		noteConversation(ctx, Conversation{}, made)
		if out, err = s.created(ctx, tx, by, made, http.StatusCreated); err != nil {
			return err
		}
		return s.config.Audit.Append(ctx, tx)
	})
	return out, err
}

func (s *Service) created(ctx context.Context, tx *store.Tx, by *caller.Caller, c Conversation, status int) (*createOutput, error) {
	answer, err := s.output(ctx, tx, by, c)
	if err != nil {
		return nil, err
	}
	return &createOutput{status, answer.ETag, answer.Body}, nil
}

// createdBefore answers a request that is sent again as it was. Nothing happens, and whoever cannot read the
// conversation any more is told nothing of it.
func (s *Service) createdBefore(ctx context.Context, tx *store.Tx, by *caller.Caller, c Conversation, q request) (*createOutput, error) {
	first, err := findRetry(ctx, tx, c.ID, q.author, q.clientID)
	if err != nil {
		return nil, err
	}
	if first == nil || first.Body != q.text || c.Requester != q.requester {
		return nil, errOtherMessage
	}
	if err := by.Require("conversation:read", c.object(by.Tenant)); err != nil {
		return nil, err
	}
	api.Touched(ctx, "conversation", c.ID)
	return s.created(ctx, tx, by, c, http.StatusOK)
}

// admit finds who would handle the conversation and asks whether the caller may make it.
func (q *request) admit(ctx context.Context, tx *store.Tx, by *caller.Caller) (err error) {
	if q.department, err = servingDepartment(ctx, tx, "body.skill", q.skill); err != nil {
		return err
	}
	about := Conversation{Requester: q.requester, Department: q.department, State: Queued}
	if err := by.RequireNew("conversation:create", about.object(by.Tenant)); err != nil {
		return err
	}
	if q.requester == q.author {
		return nil
	}
	return mustBeActive(ctx, tx, "body.requester", q.requester)
}

// maxOpen is how many requests of one's own may be open at once: more than anybody follows, and few enough that
// nobody fills the queue alone. Whoever asks on behalf of others is trusted with how much they ask.
const maxOpen = 20

var errTooManyOpen = fault.Define(fault.Conflict, "too_many_open_conversations", "Too many of your requests are open.", "您未结束的会话过多。",
	"Go on in one of those, or end some first: leave the queue with POST /v1/conversations/{id}/leave, or say that it is solved with …/resolve.")

// mayAskMore refuses whoever has as many open requests as one may have. The numbers of the tenant's
// conversations are given out one transaction after the other, so that this one has been given its number
// before it counts: of two that are sent at once the later one sees the other.
func mayAskMore(ctx context.Context, tx *store.Tx, requester string) error {
	open, err := countOpen(ctx, tx, requester)
	if err == nil && open >= maxOpen {
		err = errTooManyOpen.With("%d are open, of %d", open, maxOpen)
	}
	return err
}

// begin adds the conversation to the queue.
func (s *Service) begin(ctx context.Context, tx *store.Tx, q request) (Conversation, error) {
	last, err := lastHelp(ctx, tx, q.requester)
	if err != nil {
		return Conversation{}, err
	}
	number, err := next(ctx, tx, numbers)
	if err != nil {
		return Conversation{}, err
	}
	if q.requester == q.author {
		if err := mayAskMore(ctx, tx, q.requester); err != nil {
			return Conversation{}, err
		}
	}
	e := &edit{service: s, tx: tx, now: Conversation{
		ID: store.NewID(tx.Now), Number: number, Requester: q.requester, CreatedBy: q.author,
		Skill: q.skill, Department: q.department, Priority: q.priority, Subject: q.subject, State: Queued,
		Preferred: last.agent, PreferredUntil: last.until,
		QueuedAt: tx.Now, EnqueuedAt: tx.Now, AskedAt: tx.Now, Cycle: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now, NoticedAt: tx.Now,
	}}
	if err := e.now.insert(ctx, tx, q.clientID); err != nil {
		return Conversation{}, err
	}
	if err := e.beginCycle(ctx); err != nil {
		return Conversation{}, err
	}
	if err := e.open(ctx, q); err != nil {
		return Conversation{}, err
	}
	e.change(true)
	err = edits{e}.finish(ctx)
	return e.now, err
}

// open says what the conversation begins with. Whoever asks for somebody else speaks as an agent: what they
// write is not the requester's own word.
func (e *edit) open(ctx context.Context, q request) error {
	face := AsRequester
	if q.author != q.requester {
		face = AsAgent
	}
	if err := addWords(ctx, e.tx, e.now.ID, q.subject, true); err != nil {
		return err
	}
	if _, err := e.say(ctx, Message{Kind: Text, Author: q.author, AuthorFace: face, Body: q.text, ClientID: q.clientID}); err != nil {
		return err
	}
	for _, file := range q.files {
		if _, err := e.say(ctx, Message{Kind: File, Author: q.author, AuthorFace: face, File: file}); err != nil {
			return err
		}
	}
	return nil
}
