package desk

import (
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

// reader is somebody to whom a conversation is shown. Every way to see what is said in one goes through
// what a reader sees: pages, lists, streams, transcripts, counts, search.
type reader struct {
	user      string
	requester bool // sees what is said to the requester and nothing else, whatever roles they hold
	whispers  bool // sees also whispers between others
}

// readerOf is what the subject sees of a conversation that their conversation:read covers. Whispers
// between others are for those who may whisper there themselves and for auditors, who read everything and
// the trail as well: where agents read each other's conversations, they do not read what their lead
// whispers to one of them.
func readerOf(subject access.Subject, user string, c *Conversation, tenant string, at time.Time) reader {
	r := reader{user: user, requester: user == c.Requester}
	if r.requester {
		return r
	}
	r.whispers = holdsAll(subject, "conversation", at) && holdsAll(subject, "audit_log", at)
	if whisper, err := subject.Snapshot().Catalogue().Operation("conversation", "whisper"); err == nil {
		r.whispers = r.whispers || subject.Check(whisper, c.object(tenant), at).Allow
	}
	return r
}

// holdsAll tells whether the subject reads all that there is of a resource.
func holdsAll(subject access.Subject, resource string, at time.Time) bool {
	read, err := subject.Snapshot().Catalogue().Operation(resource, "read")
	return err == nil && subject.Holds(read, access.All, at)
}

// mayRead lets in whom conversation:read covers, and says what they see.
func mayRead(by *caller.Caller, c *Conversation) (reader, error) {
	if err := by.Require("conversation:read", c.object(by.Tenant)); err != nil {
		return reader{}, err
	}
	return readerOf(by.Subject, by.User, c, by.Tenant, by.At), nil
}

// sees tells whether the reader may know of a message.
func (r reader) sees(m *Message) bool {
	switch {
	case r.requester:
		return m.PublicSeq > 0
	case m.Kind == Whisper:
		return r.whispers || m.Author == r.user || m.Listener == r.user
	}
	return true
}

// narrow is the SQL face of [reader.sees], for messages m.
func (r reader) narrow(w *store.Where) {
	switch {
	case r.requester:
		w.And("m.public_seq IS NOT NULL")
	case !r.whispers:
		w.And("m.kind <> 'whisper' OR m.author_id = ? OR m.listener_id = ?", r.user, r.user)
	}
}

// seq is the number of a message as the reader counts: the requester's numbers have no gaps where others
// spoke among themselves.
func (r reader) seq(m *Message) int64 {
	if r.requester {
		return m.PublicSeq
	}
	return m.Seq
}

// column is the SQL face of [reader.seq].
func (r reader) column() string {
	if r.requester {
		return "m.public_seq"
	}
	return "m.seq"
}

// version is what the reader says in If-Match. The requester's does not grow with what is hidden from them.
func (r reader) version(c *Conversation) int64 {
	if r.requester {
		return c.NoticedVersion
	}
	return c.Version
}

// updated is when the conversation changed last, as far as the reader may know.
func (r reader) updated(c *Conversation) time.Time {
	if r.requester {
		return c.NoticedAt
	}
	return c.UpdatedAt
}

// last is the highest number that the reader has been given a message under.
func (r reader) last(c *Conversation) int64 {
	if r.requester {
		return c.PublicSeq
	}
	return c.LastSeq
}
