package desk

import (
	"context"
	"net/http"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/tenant"
)

type monitorInput struct {
	ConversationPath
	Body *struct {
		Reason string `json:"reason,omitempty" maxLength:"500" doc:"Why; some desks demand it when a supervision begins"`
	}
}

type whisperInput struct {
	ConversationPath
	Body struct {
		Text        string `json:"text" maxLength:"8000" doc:"For whoever holds the conversation, and nobody else in it"`
		Reason      string `json:"reason,omitempty" maxLength:"500"`
		ClientMsgID string `json:"client_msg_id,omitempty" maxLength:"64"`
	}
}

type bargeInput struct {
	ConversationPath
	Body *struct {
		Text        string `json:"text,omitempty" maxLength:"8000" doc:"For everybody; without it one only comes in"`
		Reason      string `json:"reason,omitempty" maxLength:"500"`
		ClientMsgID string `json:"client_msg_id,omitempty" maxLength:"64"`
	}
}

type supervisionOutput struct{ Body supervisionJSON }

type supervisionJSON struct {
	Supervision api.OrNull[supervisorJSON] `json:"supervision" doc:"Null when it has ended since the message was sent first"`
	Message     api.OrNull[messageJSON]    `json:"message" doc:"What was said; null for nothing"`
}

type supervisorJSON struct {
	User      named     `json:"user"`
	Mode      string    `json:"mode" enum:"monitor,whisper,barge" doc:"Whether they listen, speak to the assignee, or speak to everybody"`
	Reason    string    `json:"reason,omitempty" doc:"For other supervisors"`
	StartedAt time.Time `json:"started_at"`
	ModeAt    time.Time `json:"mode_at" doc:"Since when in this mode"`
}

// supervisionRoutes registers the operations of supervisors. The three modes are three operations: each
// begins the supervision where there is none, and changes its mode otherwise.
func (s *Service) supervisionRoutes(a *api.API) {
	api.Register(a, api.Operation{
		ID: "supervision-list", Method: http.MethodGet, Path: "/v1/conversations/{id}/supervisions", Summary: "List who watches a conversation",
		Access: api.Needs("conversation:monitor"), Tenant: api.OfCaller, Event: "conversation.supervisions", Limit: api.Ordinary,
	}, s.handleSupervisions)
	api.Register(a, api.Operation{
		ID: "conversation-monitor", Method: http.MethodPost, Path: "/v1/conversations/{id}/monitor", Summary: "Watch a conversation live, or go back to that",
		Access: api.Needs("conversation:monitor"), Tenant: api.OfCaller, Event: "conversation.monitor", Limit: api.Ordinary,
	}, s.handleMonitor)
	api.Register(a, api.Operation{
		ID: "conversation-monitor-end", Method: http.MethodDelete, Path: "/v1/conversations/{id}/monitor", Summary: "Stop watching",
		Access: api.Needs("conversation:monitor"), Tenant: api.OfCaller, Event: "conversation.monitor_end", NeedsNoRoom: true, Limit: api.Ordinary, Status: http.StatusNoContent,
	}, s.handleMonitorEnd)
	api.Register(a, api.Operation{
		ID: "conversation-whisper", Method: http.MethodPost, Path: "/v1/conversations/{id}/whisper", Summary: "Speak to the agent who holds a conversation",
		Access: api.Needs("conversation:whisper"), Tenant: api.OfCaller, Event: "conversation.whisper", Limit: api.Ordinary,
	}, s.handleWhisper)
	api.Register(a, api.Operation{
		ID: "conversation-barge", Method: http.MethodPost, Path: "/v1/conversations/{id}/barge", Summary: "Step into a conversation and speak to everybody",
		Access: api.Needs("conversation:barge"), Tenant: api.OfCaller, Event: "conversation.barge", Limit: api.Ordinary,
	}, s.handleBarge)
}

func (s *Service) handleMonitor(ctx context.Context, in *monitorInput) (*supervisionOutput, error) {
	want := supervising{mode: Monitoring}
	if in.Body != nil {
		want.reason = in.Body.Reason
	}
	return s.handleMode(ctx, in.ID, want)
}

func (s *Service) handleWhisper(ctx context.Context, in *whisperInput) (*supervisionOutput, error) {
	text, err := checkText("body.text", in.Body.Text)
	if err != nil {
		return nil, err
	}
	d := draft{kind: Whisper, text: text, clientID: in.Body.ClientMsgID}
	return s.handleMode(ctx, in.ID, supervising{Whispering, in.Body.Reason, d})
}

func (s *Service) handleBarge(ctx context.Context, in *bargeInput) (*supervisionOutput, error) {
	want := supervising{mode: Barging}
	if in.Body == nil {
		return s.handleMode(ctx, in.ID, want)
	}
	want.reason = in.Body.Reason
	if in.Body.Text != "" {
		text, err := checkText("body.text", in.Body.Text)
		if err != nil {
			return nil, err
		}
		want.draft = draft{kind: Text, text: text, clientID: in.Body.ClientMsgID}
	}
	return s.handleMode(ctx, in.ID, want)
}

// handleMode checks what people typed besides a message, and brings the supervision into the mode.
func (s *Service) handleMode(ctx context.Context, id string, want supervising) (*supervisionOutput, error) {
	if err := checkClientID("body.client_msg_id", want.draft.clientID); err != nil {
		return nil, err
	}
	var err error
	if want.reason != "" {
		if want.reason, err = tenant.CheckReason("body.reason", want.reason); err != nil {
			return nil, err
		}
	}
	by := caller.Must(ctx)
	out, err := s.superviseBy(ctx, by, id, want)
	if err != nil {
		return nil, err
	}
	return out.output(), nil
}

func (s *Service) handleMonitorEnd(ctx context.Context, in *ConversationPath) (*struct{}, error) {
	return nil, s.endSupervision(ctx, caller.Must(ctx), in.ID)
}

// output is the answer to the supervisor.
func (out *supervised) output() *supervisionOutput {
	var body supervisionJSON
	if out.supervision.ID != "" {
		v := out.supervision.json(out.around.people)
		body.Supervision.Value = &v
	}
	if out.message.ID != "" {
		m := out.message.json(out.reader, out.around)
		body.Message.Value = &m
	}
	return &supervisionOutput{body}
}

func (v Supervision) json(names people) supervisorJSON {
	return supervisorJSON{
		User: named{v.User, names[v.User]}, Mode: string(v.Mode), Reason: v.Reason, StartedAt: v.StartedAt, ModeAt: v.ModeAt,
	}
}
