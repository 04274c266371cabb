package realtime

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/fault"
)

// message is what travels on a connection, either way: one JSON object in one text frame.
type message struct {
	Type   string          `json:"type"`
	ID     string          `json:"id,omitempty"` // the peer's own, which the answer repeats
	Data   json.RawMessage `json:"data,omitempty"`
	Code   string          `json:"code,omitempty"` // of an error, as in problem documents
	Title  string          `json:"title,omitempty"`
	Detail string          `json:"detail,omitempty"`
}

// maxName bounds type and id, in bytes.
const maxName = 64

// readMessage reads what a peer sent, as strictly as the body of a request. One that is refused still
// has its id, where that can be read.
func readMessage(text []byte) (message, error) {
	var members map[string]json.RawMessage
	if api.CheckJSON(text) != nil || json.Unmarshal(text, &members) != nil || members == nil {
		return message{}, errBadMessage.With("it is not one JSON object as strict readers understand it")
	}
	m := message{Data: members["data"]}
	var goodType, goodID bool
	m.ID, goodID = shortText(members["id"])
	m.Type, goodType = shortText(members["type"])
	for _, name := range []string{"type", "id", "data"} {
		delete(members, name)
	}
	switch {
	case !goodID || !goodType || m.Type == "":
		return m, errBadMessage.With("type must be, and id may be, a text of at most %d bytes", maxName)
	case len(members) > 0:
		return m, errBadMessage.With("it has a member other than type, id and data")
	}
	return m, nil
}

// shortText reads a member that may be missing.
func shortText(value json.RawMessage) (text string, ok bool) {
	if value == nil {
		return "", true
	}
	if value[0] != '"' || json.Unmarshal(value, &text) != nil || len(text) > maxName {
		return "", false
	}
	return text, true
}

// answer is what is said in return to anything that a peer says.
func answer(text []byte) []byte {
	m, err := readMessage(text)
	switch {
	case err != nil:
		return m.refused(err).encode()
	case m.Type == "echo":
		return m.encode()
	}
	return m.refused(errUnknownType).encode()
}

// refused is the error that answers the message.
func (m message) refused(err error) message {
	f := fault.From(err)
	return message{Type: "error", ID: m.ID, Code: f.Code.Name, Title: f.Code.EN, Detail: f.Detail}
}

// encode writes the message, with data as it came: nothing is escaped that was not.
func (m message) encode() []byte {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	if err := e.Encode(m); err != nil {
		panic(fmt.Errorf("realtime: a message that cannot be written: %w", err))
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n"))
}
