package desk

import "time"

// Kind says what a message is.
type Kind string

// The kinds.
const (
	Text    Kind = "text"
	File    Kind = "file"
	System  Kind = "system"  // what happened to the conversation, told by the desk itself
	Note    Kind = "note"    // among those who work on it; the requester never sees it
	Whisper Kind = "whisper" // from a supervisor to the assignee
)

// Face is as whom somebody speaks in a conversation.
type Face string

// The faces.
const (
	AsRequester  Face = "requester"
	AsAgent      Face = "agent"
	AsSupervisor Face = "supervisor"
	AsSystem     Face = "system"
)

// Message is something said in a conversation, or a line about what was done.
type Message struct {
	ID         string
	Seq        int64 // among everything in the conversation, from 1 on without gaps
	PublicSeq  int64 // among what the requester sees, from 1 on without gaps; 0 for what they do not
	Kind       Kind
	Author     string // a user; "" for the system
	AuthorFace Face
	Body       string   // of a system line, its code
	Details    Details  // of a system line
	Mentions   []string // of a note: users
	File       string   // id of a file
	Listener   string   // of a whisper: the assignee of that time
	ClientID   string   // the client's own id of it
	CreatedAt  time.Time
}

// Details are what a system line says besides its code: ids and words from fixed vocabularies, which the
// pages turn into a sentence.
type Details map[string]string

// public tells whether the requester sees messages like this one. System lines say it themselves.
func (m *Message) public() bool {
	return m.Kind == Text || m.Kind == File
}
