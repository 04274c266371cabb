package desk

import (
	"context"
	"maps"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// bring brings some of those who are coming to where the feed is: each is answered, and then told what has
// happened since it was there last, as far as it has room for that.
func (l *look) bring(ctx context.Context) error {
	turn, before := l.feed.next(), len(l.give)
	for _, one := range turn {
		if !one.coming {
			continue
		}
		if err := l.bringOne(ctx, one); err != nil {
			return err
		}
	}
	moved := len(l.give) > before // when nobody has room for more, somebody will knock
	l.more = l.more || moved && len(l.feed.coming) > len(turn)
	l.then(func() { // whoever has not arrived waits behind the others
		f := l.feed
		f.coming = append(f.coming[len(turn):len(f.coming):len(f.coming)], turn...)
	})
	return nil
}

func (l *look) bringOne(ctx context.Context, one *follower) error {
	switch one.stream {
	case listStream:
		return l.bringToList(ctx, one)
	case mineStream:
		return l.bringToMine(ctx, one)
	case threadStream:
		return l.bringToThread(ctx, one)
	}
	l.bringToBoard(one)
	return nil
}

// begin answers a follower: the stream is followed from where they were, or from now on, or they have to
// read it anew. It reports whether there is something that they have missed, after which position.
func (l *look) begin(one *follower, head int64, view string) (missed bool, after int64) {
	if one.answered {
		return one.At().Seq < head, one.At().Seq
	}
	l.then(func() { one.answered, one.view = true, view })
	switch p := one.After; {
	case p == nil:
		l.then(func() { one.Begin(at(head, view)) })
	case p.View != view || p.Seq > head || head-p.Seq > maxBehind:
		l.then(func() { one.Reset(at(head, view)) })
	default:
		l.then(func() { one.Begin(*p) })
		return p.Seq < head, p.Seq
	}
	return false, head
}

// arrive counts a follower among those who are where the feed is. What is handed out to those is not older.
func (l *look) arrive(one *follower, c *Conversation) {
	l.then(func() { l.feed.settle(one, c) })
}

// reject refuses the follower.
func (l *look) reject(one *follower, why *fault.Code) { l.then(func() { l.feed.refuse(one, why) }) }

func (l *look) bringToList(ctx context.Context, one *follower) error {
	covers, view, refusal := l.list(one.User)
	if refusal != nil {
		l.reject(one, refusal)
		return nil
	}
	if one.answered && view != one.view {
		l.then(func() { one.view = view; one.Reset(at(l.head, view)) })
		l.arrive(one, nil)
		return nil
	}
	one.covers = covers
	missed, after := l.begin(one, l.head, view)
	if !missed {
		l.arrive(one, nil)
		return nil
	}
	room, _ := one.Room()
	if room == 0 {
		return nil
	}
	events, err := eventsAfter(ctx, l.tx, after, room)
	if err != nil {
		return err
	}
	return l.catchUp(ctx, one, events, after, l.head)
}

// catchUp sends rows for a part of what a follower of the list has missed.
func (l *look) catchUp(ctx context.Context, one *follower, events []event, after, head int64) error {
	if len(events) == 0 || events[0].seq != after+1 { // they are kept for a while only
		l.then(func() { one.Reset(at(head, one.view)) })
		l.arrive(one, nil)
		return nil
	}
	touched := l.gather(events)
	if err := l.alsoFind(ctx, touched); err != nil {
		return err
	}
	last := events[len(events)-1].seq
	l.tellList(one, touched, last)
	l.goOn(one, nil, last == head)
	return nil
}

// goOn has a follower arrive, or told more as soon as there is room for it.
func (l *look) goOn(one *follower, c *Conversation, all bool) {
	if all {
		l.arrive(one, c)
		return
	}
	l.more = true
}

// alsoFind reads the conversations that have not been read yet.
func (l *look) alsoFind(ctx context.Context, touched []*touch) error {
	var ids store.Set
	for _, t := range touched {
		if l.rows[t.id] == nil {
			ids = append(ids, t.id)
		}
	}
	found, err := conversationsByID(ctx, l.tx, ids)
	maps.Copy(l.rows, found)
	return err
}

func (l *look) bringToMine(ctx context.Context, one *follower) error {
	if refusal := l.mine(one.User); refusal != nil {
		l.reject(one, refusal)
		return nil
	}
	head, err := lastOf(ctx, l.tx, requesterHeads+one.User)
	if err != nil {
		return err
	}
	missed, after := l.begin(one, head, "")
	if !missed {
		l.arrive(one, nil)
		return nil
	}
	room, _ := one.Room()
	if room == 0 {
		return nil
	}
	events, err := requestEventsAfter(ctx, l.tx, one.User, after, room)
	if err != nil {
		return err
	}
	if len(events) == 0 || events[0].requesterSeq != after+1 {
		l.then(func() { one.Reset(at(head, "")) })
		l.arrive(one, nil)
		return nil
	}
	touched := l.gather(events)
	if err := l.alsoFind(ctx, touched); err != nil {
		return err
	}
	for _, t := range touched {
		if c := l.rows[t.id]; c != nil {
			l.show(one, t.noticed, c, reader{user: one.User, requester: true})
		}
	}
	l.goOn(one, nil, events[len(events)-1].requesterSeq == head)
	return nil
}

func (l *look) bringToThread(ctx context.Context, one *follower) error {
	c := l.rows[one.conversation]
	if c == nil {
		l.reject(one, fault.ErrNotFound)
		return nil
	}
	sees, speaks, refusal := l.thread(c, one.User)
	if refusal != nil {
		l.reject(one, refusal)
		return nil
	}
	one.Speaks(speaks)
	missed, after := l.begin(one, sees.last(c), "")
	if !missed {
		l.arrive(one, c)
		return nil
	}
	room, bytes := one.Room()
	if room == 0 {
		return nil
	}
	said, err := messagesAfter(ctx, l.tx, c.ID, sees, after, room)
	if err != nil {
		return err
	}
	all := len(said) < room
	for i := range said {
		if bytes -= len(said[i].Body); bytes < 0 && i > 0 {
			all = false
			break
		}
		l.say(one, &said[i], sees)
	}
	if all {
		l.seen(one, sees.last(c))
	}
	l.goOn(one, c, all)
	return nil
}
