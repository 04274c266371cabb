package desk

import (
	"context"
	"errors"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

type createInput struct {
	Body struct {
		Skill       string `json:"skill" minLength:"1" maxLength:"64" doc:"Id of what is needed"`
		Subject     string `json:"subject" minLength:"1" maxLength:"200"`
		Text        string `json:"text" minLength:"1" maxLength:"8000" doc:"The first message"`
		ClientMsgID string `json:"client_msg_id,omitempty" maxLength:"64" doc:"Your own id of it: sent again, it makes no second conversation"`
		Requester   string `json:"requester,omitempty" maxLength:"64" doc:"Id of the user on whose behalf you ask; yourself when absent"`
		Priority    int    `json:"priority,omitempty" minimum:"0" maximum:"3" doc:"When you ask on behalf of somebody"`
	}
}

func (s *Service) handleCreate(ctx context.Context, in *createInput) (*conversationOutput, error) {
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
	requester, author     string
	skill, subject        string
	text, clientID        string
	priority              int
	department, preferred string // to be found
}

// request takes what was sent as text, without a look at what it names.
func (in *createInput) request(by *caller.Caller) (q request, err error) {
	b := &in.Body
	q = request{requester: b.Requester, author: by.User, skill: b.Skill, clientID: b.ClientMsgID, priority: b.Priority}
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

// create makes the conversation with its first message, unless the author has sent it before.
func (s *Service) create(ctx context.Context, by *caller.Caller, q request) (*conversationOutput, error) {
	var out *conversationOutput
	err := s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		if err := q.admit(ctx, tx, by); err != nil {
			return err
		}
		made, err := findCreated(ctx, tx, q.author, q.clientID)
		if err == nil {
			if out, err = s.output(ctx, tx, by, made); err != nil {
				return err
			}
			return by.Require("conversation:read", made.object(by.Tenant))
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if made, err = s.begin(ctx, tx, q); err != nil {
			return err
		}
		if out, err = s.output(ctx, tx, by, made); err != nil {
			return err
		}
		noteConversation(ctx, Conversation{}, made)
		return s.config.Audit.Append(ctx, tx)
	})
	if err == nil {
		api.Touched(ctx, "conversation", out.Body.ID)
	}
	return out, err
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

// begin adds the conversation to the queue. Whoever asks for somebody else speaks as an agent: what they
// write is not the requester's own word.
func (s *Service) begin(ctx context.Context, tx *store.Tx, q request) (Conversation, error) {
	preferred, until, err := lastAgentOf(ctx, tx, q.requester)
	if err != nil {
		return Conversation{}, err
	}
	number, err := next(ctx, tx, numbers)
	if err != nil {
		return Conversation{}, err
	}
	e := &edit{service: s, tx: tx, now: Conversation{
		ID: store.NewID(tx.Now), Number: number, Requester: q.requester, CreatedBy: q.author,
		Skill: q.skill, Department: q.department, Priority: q.priority, Subject: q.subject, State: Queued,
		Preferred: preferred, PreferredUntil: until,
		QueuedAt: tx.Now, EnqueuedAt: tx.Now, AskedAt: tx.Now, Cycle: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now,
	}}
	if err := e.now.insert(ctx, tx); err != nil {
		return Conversation{}, err
	}
	if err := e.beginCycle(ctx); err != nil {
		return Conversation{}, err
	}
	face := AsRequester
	if q.author != q.requester {
		face = AsAgent
	}
	if _, err := e.say(ctx, Message{Kind: Text, Author: q.author, AuthorFace: face, Body: q.text, ClientID: q.clientID}); err != nil {
		return Conversation{}, err
	}
	if err := addWords(ctx, tx, e.now.ID, q.subject+"\n"+q.text, true); err != nil {
		return Conversation{}, err
	}
	e.change(true)
	err = e.finish(ctx)
	return e.now, err
}
