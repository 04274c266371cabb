package desk

import (
	"context"
	"net/http"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

// ConversationPath names a conversation. It is exported because huma passes over embedded structs that are not.
type ConversationPath struct {
	ID string `path:"id" maxLength:"64"`
}

// changeInput is all that a change without particulars states.
type changeInput struct {
	ConversationPath
	api.IfMatch
}

type conversationOutput struct {
	ETag string `header:"ETag"`
	Body conversationJSON
}

// conversationRoutes registers the operations on conversations as such.
func (s *Service) conversationRoutes(a *api.API) {
	api.Register(a, api.Operation{
		ID: "conversation-list", Method: http.MethodGet, Path: "/v1/conversations", Summary: "List conversations, the latest or the longest waiting first",
		Access: api.Needs("conversation:read"), Tenant: api.OfCaller, Event: "conversation.list", Limit: api.Ordinary,
	}, s.handleConversations)
	api.Register(a, api.Operation{
		ID: "conversation-count", Method: http.MethodGet, Path: "/v1/conversations/counts", Summary: "Count what the list holds",
		Access: api.Needs("conversation:read"), Tenant: api.OfCaller, Event: "conversation.count", Limit: api.Ordinary,
	}, s.handleCounts)
	api.Register(a, api.Operation{
		ID: "conversation-create", Method: http.MethodPost, Path: "/v1/conversations", Summary: "Ask for help, or for somebody else",
		Access: api.Needs("conversation:create"), Tenant: api.OfCaller, Event: "conversation.create", Limit: api.Ordinary, Status: http.StatusCreated, Again: http.StatusOK,
	}, s.handleCreate)
	api.Register(a, api.Operation{
		ID: "conversation-read", Method: http.MethodGet, Path: "/v1/conversations/{id}", Summary: "Read a conversation, without what was said",
		Access: api.Needs("conversation:read"), Tenant: api.OfCaller, Event: "conversation.read", Limit: api.Ordinary,
	}, s.handleConversation)
	api.Register(a, api.Operation{
		ID: "conversation-update", Method: http.MethodPatch, Path: "/v1/conversations/{id}", Summary: "Change a conversation's subject, priority or tags",
		Access: api.Needs("conversation:update"), Tenant: api.OfCaller, Event: "conversation.update", Limit: api.Ordinary,
	}, s.handleUpdate)
	api.Register(a, api.Operation{
		ID: "conversation-tenures", Method: http.MethodGet, Path: "/v1/conversations/{id}/tenures", Summary: "List who worked on a conversation from when to when",
		Access: api.Needs("conversation:read"), Tenant: api.OfCaller, Event: "conversation.tenures", Limit: api.Ordinary,
	}, s.handleTenures)
}

// workRoutes registers what is done with conversations. Each says which version it is meant for.
func (s *Service) workRoutes(a *api.API) {
	register(a, s.handleTake, "take", "Take a conversation that waits", "conversation:take")
	register(a, s.handleAssign, "assign", "Give a conversation to an agent", "conversation:assign")
	register(a, s.handleTransfer, "transfer", "Pass a conversation on to an agent, a skill or a department", "conversation:transfer")
	register(a, s.handleHold, "hold", "Let a conversation wait for a third party", "conversation:update")
	register(a, s.handleResume, "resume", "Go on with a conversation that was on hold or parked", "conversation:update")
	register(a, s.handlePark, "park", "Let a conversation wait for its requester", "conversation:update")
	register(a, s.handleResolve, "resolve", "Say that a conversation is solved", "conversation:update", "conversation:reply")
	register(a, s.handleReopen, "reopen", "Reopen a resolved conversation", "conversation:reply", "conversation:assign")
	register(a, s.handleLeave, "leave", "Leave the queue", "conversation:reply")
	register(a, s.handleRate, "rating", "Rate the help that one got", "conversation:reply")
}

func register[I any](a *api.API, handler func(context.Context, *I) (*conversationOutput, error), what, summary, permission string, or ...string) {
	api.Register(a, api.Operation{
		ID: "conversation-" + what, Method: http.MethodPost, Path: "/v1/conversations/{id}/" + what, Summary: summary,
		Access: api.Needs(permission, or...), Tenant: api.OfCaller, Event: "conversation." + what, Limit: api.Ordinary,
	}, handler)
}

func (s *Service) handleConversation(ctx context.Context, in *ConversationPath) (*conversationOutput, error) {
	by := caller.Must(ctx)
	var out *conversationOutput
	err := s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) error {
		c, err := findConversation(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		if _, err := mayRead(by, &c); err != nil {
			return err
		}
		out, err = s.output(ctx, tx, by, c)
		return err
	})
	if err != nil {
		return nil, err
	}
	api.Touched(ctx, "conversation", in.ID)
	return out, nil
}

// output is the answer about one conversation, as the caller sees it: its row, and who else is there.
func (s *Service) output(ctx context.Context, tx *store.Tx, by *caller.Caller, c Conversation) (*conversationOutput, error) {
	v, err := s.view(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	out := &conversationOutput{Body: v.row(&c, rowReader(by, &c))}
	out.ETag = api.ETag(out.Body.Version)
	r := readerOf(by.Subject, by.User, &c, by.Tenant, by.At)
	both, err := cursorsOf(ctx, tx, &c, r)
	if err != nil {
		return nil, err
	}
	out.Body.Cursors = both.json()
	out.Body.Supervisors, err = supervisorsShown(ctx, tx, &c, r)
	return out, err
}

// rowReader is the caller as the reader of a conversation's row, which shows no whispers to anybody.
func rowReader(by *caller.Caller, c *Conversation) reader {
	return reader{user: by.User, requester: by.User == c.Requester}
}
