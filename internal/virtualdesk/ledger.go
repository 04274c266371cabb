package virtualdesk

import (
	"fmt"
	"regexp"
	"strconv"
	"sync"
	"time"
)

// message is what was said in a conversation, as its readers are shown it.
type message struct {
	ID         string    `json:"id"`
	Seq        int64     `json:"seq"`
	Kind       string    `json:"kind"`
	Author     *named    `json:"author"`
	AuthorFace string    `json:"author_face"`
	Text       string    `json:"text"`
	Code       string    `json:"code"`
	Listener   *named    `json:"listener"`
	CreatedAt  time.Time `json:"created_at"`
}

// ledger holds everything that was said by somebody of the desk. Each text ends with a mark of its own, by
// which it is known again wherever it turns up.
type ledger struct {
	desk *desk
	run  string // begins the marks

	mu      sync.Mutex // guards what follows, and the entries
	entries map[string]*entry
	delays  []time.Duration
}

// entry is one message from the moment when somebody set out to send it.
type entry struct {
	mark         string
	conversation string // "" while nobody knows its id
	author, kind string
	text         string
	sent         time.Time
	acknowledged bool
	id           string // of the message that it became; "" while nobody has seen it
	delivered    bool   // to the other side, live
}

// draft enters a message before it is sent.
func (l *ledger) draft(conversation string, by *person, kind, text string) *entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	mark := l.run + "-" + strconv.FormatInt(int64(len(l.entries)+1), 36)
	e := &entry{mark: mark, conversation: conversation, author: by.id, kind: kind, text: text + " [" + mark + "]", sent: time.Now()}
	l.entries[mark] = e
	return e
}

// acknowledge notes that the server says it has the message.
func (l *ledger) acknowledge(e *entry, conversation string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e.conversation != "" && e.conversation != conversation {
		l.desk.broke(invented, "%q stands in %s and was acknowledged in %s", e.text, e.conversation, conversation)
	}
	e.acknowledged, e.conversation = true, conversation
}

var markAtEnd = regexp.MustCompile(`\[([0-9a-z]+-[0-9a-z]+)\]$`)

// seen holds a message that somebody is shown against what was sent. live is since when they have followed
// the conversation without a break; zero for who looks it up.
func (l *ledger) seen(by *person, conversation string, m *message, live time.Time) {
	if m.Kind == "system" {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.find(m)
	where := fmt.Sprintf("%s, message %d of %s: %q", by, m.Seq, conversation, m.Text)
	switch {
	case e == nil:
		l.desk.broke(invented, "nobody sent it: %s", where)
		return
	case e.conversation != "" && e.conversation != conversation:
		l.desk.broke(invented, "sent in %s: %s", e.conversation, where)
	case e.author != idOf(m.Author) || e.kind != m.Kind || e.text != m.Text:
		l.desk.broke(altered, "sent by %s as %s %q: %s", e.author, e.kind, e.text, where)
	case e.id != "" && e.id != m.ID:
		l.desk.broke(twice, "it is %s and %s: %s", e.id, m.ID, where)
	}
	e.conversation, e.id = conversation, m.ID
	l.clock(e, by, live)
}

func (l *ledger) find(m *message) *entry {
	if found := markAtEnd.FindStringSubmatch(m.Text); found != nil {
		return l.entries[found[1]]
	}
	return nil
}

// clock notes how long a message took to the other side, the first time it gets there. Who was not there
// when it was sent says nothing about that.
func (l *ledger) clock(e *entry, by *person, live time.Time) {
	other := by.id != e.author && (by.part == asRequester || by.part == asAgent)
	if other && !e.delivered && !live.IsZero() && live.Before(e.sent) {
		e.delivered = true
		l.delays = append(l.delays, time.Since(e.sent))
	}
}

// of returns copies of the entries of a conversation that were acknowledged.
func (l *ledger) of(conversation string) (list []entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.entries {
		if e.conversation == conversation && e.acknowledged {
			list = append(list, *e)
		}
	}
	return list
}
