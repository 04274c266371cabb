package desk

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

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

const messageColumns = `
		m.id,
		m.seq,
		m.public_seq,
		m.kind,
		m.author_id,
		m.author_face,
		m.body,
		m.details,
		m.file_id,
		m.listener_id,
		m.client_msg_id,
		m.created_at`

func scanMessage(r store.Row) (Message, error) {
	var m Message
	var publicSeq sql.NullInt64
	var author, details, file, listener, client sql.NullString
	var created int64
	err := r.Scan(&m.ID, &m.Seq, &publicSeq, &m.Kind, &author, &m.AuthorFace, &m.Body, &details, &file, &listener, &client, &created)
	m.PublicSeq, m.Author, m.File, m.Listener, m.ClientID = publicSeq.Int64, author.String, file.String, listener.String, client.String
	m.CreatedAt = time.UnixMicro(created).UTC()
	if err == nil && details.Valid {
		err = m.readDetails([]byte(details.String))
	}
	return m, err
}

// readDetails and writeDetails share the column between system lines and notes.
func (m *Message) readDetails(text []byte) error {
	if m.Kind == System {
		return json.Unmarshal(text, &m.Details)
	}
	return json.Unmarshal(text, &m.Mentions)
}

func (m *Message) writeDetails() (sql.NullString, error) {
	var text []byte
	var err error
	switch {
	case len(m.Details) > 0:
		text, err = json.Marshal(m.Details)
	case len(m.Mentions) > 0:
		text, err = json.Marshal(m.Mentions)
	}
	return optional(string(text)), err
}

func (m *Message) insert(ctx context.Context, tx *store.Tx, conversation string) error {
	details, err := m.writeDetails()
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO messages (tenant_id, conversation_id, seq, id, public_seq, kind, author_id, author_face, body, details,
			file_id, listener_id, client_msg_id, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		conversation, m.Seq, m.ID, sql.NullInt64{Int64: m.PublicSeq, Valid: m.PublicSeq != 0}, string(m.Kind), optional(m.Author),
		string(m.AuthorFace), m.Body, details, optional(m.File), optional(m.Listener), optional(m.ClientID), m.CreatedAt.UnixMicro())
	return err
}
