package realtime

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/fault"
)

// message is what a client says and is answered: one JSON object in one text frame.
type message struct {
	Type   string          `json:"type"`
	ID     string          `json:"id,omitempty"` // the client's own, which the answer repeats
	Stream string          `json:"stream,omitempty"`
	Data   json.RawMessage `json:"data,omitempty"`
	Code   string          `json:"code,omitempty"` // of an error, as in problem documents
	Title  string          `json:"title,omitempty"`
	Detail string          `json:"detail,omitempty"`

	after *Position
}

// The types of messages. Clients send the first four.
const (
	typeEcho     = "echo"
	typeFollow   = "follow"
	typeUnfollow = "unfollow"
	typeTyping   = "typing"

	typeFollowed   = "followed"
	typeUnfollowed = "unfollowed"
	typeEvent      = "event"
	typePosition   = "position"
	typeReset      = "reset"
	typeEnded      = "ended"
	typeError      = "error"
)

// members are those that a message of a type may have besides type and id. The first ones of each are
// demanded, as many as needs says.
var (
	members = map[string][]string{
		typeEcho: {"data"}, typeFollow: {"stream", "after", "view"}, typeUnfollow: {"stream"}, typeTyping: {"stream"},
	}
	needs = map[string]int{typeFollow: 1, typeUnfollow: 1, typeTyping: 1}
)

const (
	maxName   = 64  // of type and id, in bytes
	maxStream = 128 // of the name of a stream
)

// streamName is what any name of a stream looks like. It needs no escaping in JSON, nor in a cursor.
var streamName = regexp.MustCompile(`^[a-z][a-z_]*(/[A-Za-z0-9_-]{1,64})?$`)

// viewName is what any view looks like.
var viewName = regexp.MustCompile(`^[0-9a-f]{1,16}$`)

// readMessage reads what a client sent, as strictly as the body of a request. One that is refused still
// has its id, where that can be read.
func readMessage(text []byte) (message, error) {
	var found map[string]json.RawMessage
	if api.CheckJSON(text) != nil || json.Unmarshal(text, &found) != nil || found == nil {
		return message{}, errBadMessage.With("it is not one JSON object as strict readers understand it")
	}
	m := message{Data: found["data"]}
	var goodType, goodID bool
	m.ID, goodID = shortText(found["id"], maxName)
	m.Type, goodType = shortText(found["type"], maxName)
	if !goodID || !goodType || m.Type == "" {
		return m, errBadMessage.With("type must be, and id may be, a text of at most %d bytes", maxName)
	}
	allowed, known := members[m.Type]
	if !known {
		return m, errUnknownType
	}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if name != "type" && name != "id" && !slices.Contains(allowed, name) {
			return m, errBadMessage.With("a message of this type has no other members than type, id and %v", allowed)
		}
	}
	for _, name := range allowed[:needs[m.Type]] {
		if found[name] == nil {
			return m, errBadMessage.With("%s is missing", name)
		}
	}
	return m, m.readStream(found)
}

// readStream reads which stream the message is about, and from where on.
func (m *message) readStream(found map[string]json.RawMessage) error {
	stream, good := shortText(found["stream"], maxStream)
	if !good || found["stream"] != nil && !streamName.MatchString(stream) {
		return errBadMessage.With("stream must be the name of a stream, such as conversations")
	}
	m.Stream = stream
	view, good := shortText(found["view"], maxName)
	if !good || found["view"] != nil && !viewName.MatchString(view) {
		return errBadMessage.With("view must be as the server said it")
	}
	if found["after"] == nil {
		if view != "" {
			return errBadMessage.With("a view says nothing without after")
		}
		return nil
	}
	m.after = &Position{View: view}
	if json.Unmarshal(found["after"], &m.after.Seq) != nil || found["after"][0] == 'n' || m.after.Seq < 0 || m.after.Seq > maxSeq {
		return errBadMessage.With("after must be a whole number from 0 to %d", int64(maxSeq))
	}
	return nil
}

// maxSeq is the largest whole number that every reader of JSON keeps as it is (RFC 8259, section 6).
const maxSeq = 1<<53 - 1

// shortText reads a member that may be missing.
func shortText(value json.RawMessage, limit int) (text string, ok bool) {
	if value == nil {
		return "", true
	}
	if value[0] != '"' || json.Unmarshal(value, &text) != nil || len(text) > limit {
		return "", false
	}
	return text, true
}

// refused is the error that answers the message.
func (m message) refused(err error) message {
	f := fault.From(err)
	return message{Type: typeError, ID: m.ID, Stream: m.Stream, Code: f.Code.Name, Title: f.Code.EN, Detail: f.Detail}
}

// frame is the message as it is sent.
func (m message) frame() frame { return frame{what: m.Type, head: encode(m)} }

// encode writes JSON, with what is in it as it came: nothing is escaped that was not.
func encode(v any) []byte {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Errorf("realtime: a message that cannot be written: %w", err))
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n"))
}

// quoted is a text as JSON.
func quoted(text string) []byte { return encode(text) }
