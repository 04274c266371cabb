package desk

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

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

var messageRows = store.Insert{Table: "messages", Columns: `conversation_id, seq, id, public_seq, kind, author_id, author_face, body, details,
	file_id, listener_id, client_msg_id, created_at`}

func (e *edit) insertMessage(ctx context.Context, m Message) error {
	details, err := m.writeDetails()
	if err != nil {
		return err
	}
	return e.insert(ctx, messageRows,
		e.now.ID, m.Seq, m.ID, sql.NullInt64{Int64: m.PublicSeq, Valid: m.PublicSeq != 0}, string(m.Kind), optional(m.Author),
		string(m.AuthorFace), m.Body, details, optional(m.File), optional(m.Listener), optional(m.ClientID), m.CreatedAt.UnixMicro())
}

// findRetry returns the message that the author has sent under the client's id before; nil for none.
func findRetry(ctx context.Context, tx *store.Tx, conversation, author, clientID string) (*Message, error) {
	if clientID == "" {
		return nil, nil
	}
	m, err := store.One(ctx, tx, scanMessage, `SELECT`+messageColumns+`
		FROM messages m
		WHERE m.tenant_id = $1 AND m.conversation_id = $2 AND m.author_id = $3 AND m.client_msg_id = $4`,
		conversation, author, clientID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return &m, err
}
