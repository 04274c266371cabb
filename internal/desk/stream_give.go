package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/realtime"
)

// furnish reads what the rows and messages are shown with that are handed out.
func (l *look) furnish(ctx context.Context) (err error) {
	var list []Conversation
	for _, c := range l.shown {
		list = append(list, c)
	}
	l.contents = newContents()
	if l.contents.view, err = l.feed.service.view(ctx, l.tx, list...); err != nil {
		return err
	}
	if len(l.said) > 0 {
		l.contents.around, err = mentionedIn(ctx, l.tx, l.said...)
	}
	return err
}

// show sends the row of a conversation.
func (l *look) show(one *follower, seq int64, c *Conversation, r reader) {
	l.shown[c.ID] = *c
	l.then(func() {
		if seq > one.At().Seq {
			one.Event(seq, l.contents.row(c, r))
		}
	})
}

// hide sends that a conversation is not to be seen any more.
func (l *look) hide(one *follower, seq int64, id string) {
	l.then(func() {
		if seq > one.At().Seq {
			one.Event(seq, l.contents.gone(id))
		}
	})
}

// say sends a message.
func (l *look) say(one *follower, m *Message, r reader) {
	l.said = append(l.said, *m)
	l.then(func() {
		if seq := r.seq(m); seq > one.At().Seq {
			one.Event(seq, l.contents.message(m, r))
		}
	})
}

// seen sends nothing else up to a position.
func (l *look) seen(one *follower, seq int64) {
	l.then(func() {
		if seq > one.At().Seq {
			one.Seen(seq)
		}
	})
}

// at is a position in a stream.
func at(seq int64, view string) realtime.Position { return realtime.Position{Seq: seq, View: view} }
