package desk

import (
	"context"
	"net/http"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
)

type cursorInput struct {
	ConversationPath
	Body struct {
		Delivered int64 `json:"delivered,omitempty" minimum:"0" doc:"The last message that was received, in one's own numbering"`
		Read      int64 `json:"read,omitempty" minimum:"0" doc:"The last one that was read; it was received too"`
	}
}

type cursorOutput struct{ Body cursorJSON }

type cursorJSON struct {
	Delivered int64 `json:"delivered"`
	Read      int64 `json:"read"`
}

type cursorsJSON struct {
	Requester cursorJSON `json:"requester"`
	Assignee  cursorJSON `json:"assignee" doc:"Of whoever holds the conversation, or held it last"`
}

// cursorRoutes registers the operation on cursors.
func (s *Service) cursorRoutes(a *api.API) {
	api.Register(a, api.Operation{
		ID: "conversation-cursor", Method: http.MethodPost, Path: "/v1/conversations/{id}/cursor", Summary: "Say how far one has received and read a conversation",
		Access: api.Needs("conversation:reply", "conversation:update"), Tenant: api.OfCaller, Event: "conversation.cursor", Limit: api.Ordinary,
	}, s.handleCursor)
}

func (s *Service) handleCursor(ctx context.Context, in *cursorInput) (*cursorOutput, error) {
	at, err := s.moveCursor(ctx, caller.Must(ctx), in.ID, Cursor{Delivered: in.Body.Delivered, Read: in.Body.Read})
	if err != nil {
		return nil, err
	}
	return &cursorOutput{cursorJSON(at)}, nil
}

func (c cursors) json() *cursorsJSON {
	return &cursorsJSON{cursorJSON(c.requester), cursorJSON(c.assignee)}
}
