package desk

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// transcriptLength is how many messages one transcript holds at most; the rest is asked for after them.
const transcriptLength = 1000

type transcriptInput struct {
	ConversationPath
	Format string `query:"format" enum:"text,json" default:"text" doc:"Plain text for people, in the tenant's language and time zone, or JSON"`
	After  int64  `query:"after" minimum:"0" doc:"Begins after the message with this seq; one transcript holds 1000 messages at most, and says when there are more"`
}

// transcript is what was said in a conversation, as one reader may have it.
type transcript struct {
	conversation Conversation
	reader       reader
	messages     []Message
	around       mentioned
	more         bool
	tenant       tenant.Tenant
}

// transcriptRoutes registers the operation on transcripts.
func (s *Service) transcriptRoutes(a *api.API) {
	api.RegisterDownload(a, api.Operation{
		ID: "conversation-transcript", Method: http.MethodGet, Path: "/v1/conversations/{id}/transcript", Summary: "Get what was said in a conversation as one file",
		Access: api.Needs("conversation:read"), Tenant: api.OfCaller, Event: "conversation.transcript", Limit: api.Report,
	}, s.handleTranscript)
}

func (s *Service) handleTranscript(ctx context.Context, in *transcriptInput) (*api.Download, error) {
	by := caller.Must(ctx)
	var t transcript
	err := s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) (err error) {
		t, err = in.read(ctx, tx, by)
		return err
	})
	if err != nil {
		return nil, err
	}
	api.Touched(ctx, "conversation", in.ID)
	api.Counted(ctx, len(t.messages))
	return t.download(in.Format)
}

// read reads what the caller sees of the conversation.
func (in *transcriptInput) read(ctx context.Context, tx *store.Tx, by *caller.Caller) (t transcript, err error) {
	if t.conversation, err = findConversation(ctx, tx, in.ID); err != nil {
		return t, err
	}
	if t.reader, err = mayRead(by, &t.conversation); err != nil {
		return t, err
	}
	page := messagesInput{ConversationPath: in.ConversationPath, After: in.After, Limit: transcriptLength}
	if t.messages, err = page.find(ctx, tx, t.reader); err != nil {
		return t, err
	}
	if t.more = len(t.messages) > transcriptLength; t.more {
		t.messages = t.messages[:transcriptLength]
	}
	if t.around, err = mentionedIn(ctx, tx, t.messages...); err != nil {
		return t, err
	}
	t.tenant, err = tenant.Find(ctx, tx)
	return t, err
}

// download is the transcript as a file.
func (t *transcript) download(format string) (*api.Download, error) {
	name := "conversation-" + strconv.FormatInt(t.conversation.Number, 10)
	if format == "json" {
		text, err := json.Marshal(t.json())
		return file(name+".json", "application/json", string(text)), err
	}
	zone, err := time.LoadLocation(t.tenant.TimeZone)
	if err != nil {
		return nil, err
	}
	return file(name+".txt", "text/plain; charset=utf-8", t.text(zone)), nil
}

func file(name, kind, text string) *api.Download {
	return &api.Download{Name: name, Type: kind, Size: int64(len(text)), Body: io.NopCloser(strings.NewReader(text))}
}

type transcriptJSON struct {
	ID       string        `json:"id"`
	Number   int64         `json:"number"`
	Subject  string        `json:"subject"`
	State    string        `json:"state"`
	Messages []messageJSON `json:"messages"`
	More     bool          `json:"more"`
}

func (t *transcript) json() transcriptJSON {
	c := &t.conversation
	out := transcriptJSON{ID: c.ID, Number: c.Number, Subject: c.Subject, State: string(c.State), Messages: []messageJSON{}, More: t.more}
	for i := range t.messages {
		out.Messages = append(out.Messages, t.messages[i].json(t.reader, t.around))
	}
	return out
}
