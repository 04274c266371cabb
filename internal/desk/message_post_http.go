package desk

import (
	"context"
	"net/http"
	"slices"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
)

type postInput struct {
	ConversationPath
	Body struct {
		Kind        string   `json:"kind,omitempty" enum:"text,note,file" default:"text" doc:"A note is never shown to the requester"`
		Text        string   `json:"text,omitempty" maxLength:"8000" doc:"Needed by all but a file"`
		File        string   `json:"file,omitempty" maxLength:"64" doc:"Of a file, or to a note: the id of one that was uploaded and that no message carries yet"`
		Mentions    []string `json:"mentions,omitempty" maxItems:"20" maxLength:"64" doc:"Of a note: ids of users who may read the conversation"`
		ClientMsgID string   `json:"client_msg_id,omitempty" maxLength:"64" doc:"The client's own id of the message: sent again under it, a message is stored once"`
	}
}

type postOutput struct {
	Status int
	Body   messageJSON
}

// messageRoutes registers the operations on messages.
func (s *Service) messageRoutes(a *api.API) {
	api.Register(a, api.Operation{
		ID: "message-list", Method: http.MethodGet, Path: "/v1/conversations/{id}/messages", Summary: "Read what was said in a conversation",
		Access: api.Needs("conversation:read"), Tenant: api.OfCaller, Event: "message.list", Limit: api.Ordinary,
	}, s.handleMessages)
	api.Register(a, api.Operation{
		ID: "message-create", Method: http.MethodPost, Path: "/v1/conversations/{id}/messages", Summary: "Say something in a conversation",
		Access: api.Needs("conversation:reply", "conversation:update"), Tenant: api.OfCaller, Event: "message.create", Limit: api.Ordinary,
		Status: http.StatusCreated, Again: http.StatusOK,
	}, s.handlePost)
}

func (s *Service) handlePost(ctx context.Context, in *postInput) (*postOutput, error) {
	d, err := in.draft()
	if err != nil {
		return nil, err
	}
	out, err := s.post(ctx, caller.Must(ctx), in.ID, d)
	if err != nil {
		return nil, err
	}
	return out.output(), nil
}

// draft takes in what was sent.
func (in *postInput) draft() (d draft, err error) {
	b := &in.Body
	d = draft{kind: Kind(b.Kind), file: b.File, mentions: b.Mentions, clientID: b.ClientMsgID}
	if b.Text != "" || d.kind != File {
		if d.text, err = checkText("body.text", b.Text); err != nil {
			return d, err
		}
	}
	switch {
	case d.kind == File && d.file == "" || d.kind == Text && d.file != "":
		return d, fault.ErrInvalid.At("body.file", "expected with a message of kind file, and not with text")
	case d.kind != Note && len(d.mentions) > 0:
		return d, fault.ErrInvalid.At("body.mentions", "only a note mentions people")
	}
	slices.Sort(d.mentions)
	d.mentions = slices.Compact(d.mentions)
	return d, checkClientID("body.client_msg_id", d.clientID)
}

// output is the answer to who said it.
func (out *said) output() *postOutput {
	status := http.StatusCreated
	if out.again {
		status = http.StatusOK
	}
	return &postOutput{status, out.message.json(out.reader, out.around)}
}
