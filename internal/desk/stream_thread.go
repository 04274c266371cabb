package desk

import (
	"context"
)

// tellThreads tells those who follow a conversation what was said in it, and ends it for those who may not
// go on: whatever took their part away, also what left no event.
func (l *look) tellThreads(ctx context.Context) error {
	moved := map[string]bool{}
	for _, t := range l.touched {
		if l.feed.threads[t.id] != nil && l.rows[t.id] != nil {
			moved[t.id] = true
		}
	}
	for id, t := range l.feed.threads {
		if !moved[id] && !l.full {
			continue
		}
		c := t.conversation
		var said []Message
		if moved[id] {
			var err error
			c = *l.rows[id]
			if said, err = messagesAfter(ctx, l.tx, id, reader{whispers: true}, t.conversation.LastSeq, maxBehind); err != nil {
				return err
			}
		}
		if len(said) == maxBehind {
			l.recede(t.followers)
			continue
		}
		for one := range t.followers {
			l.tellThread(one, &c, said)
		}
		l.then(func() { t.conversation = c })
	}
	return nil
}

// tellThread sends one follower what they see of what was said.
func (l *look) tellThread(one *follower, c *Conversation, said []Message) {
	sees, speaks, refusal := l.thread(c, one.User)
	if refusal != nil {
		l.then(func() { l.feed.refuse(one, refusal) })
		return
	}
	one.Speaks(speaks)
	for i := range said {
		if sees.sees(&said[i]) {
			l.say(one, &said[i], sees)
		}
	}
	l.seen(one, sees.last(c))
}
