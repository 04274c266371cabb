package desk

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

const (
	maxEvents  = 1000        // that one look reads
	maxComing  = 64          // followers that one look brings to where the others are
	maxBehind  = 500         // events that a follower may have missed; beyond, reading everything anew is less work
	judgeEvery = time.Second // how often everybody is judged although nothing says that their rights have changed
)

// look is one look of a feed at the database: one transaction, whose rules decide about everything that is
// handed out for it. Nothing is handed out before all of it has been read, so that a look that fails can
// simply be repeated.
type look struct {
	rights
	feed *feed
	tx   *store.Tx

	head    int64 // of the desk
	reached int64 // the last event that was read
	full    bool  // everybody is judged, not only those to whom something happened
	touched []*touch
	rows    map[string]*Conversation

	shown    map[string]Conversation // of which rows are handed out
	said     []Message               // that are handed out
	boards   []*follower             // who are told the board
	contents *contents
	give     []func()
	more     bool
}

// touch is a conversation to which something has happened.
type touch struct {
	id, requester string
	last          int64            // event
	noticed       int64            // last event by the requester's numbers; 0 for none
	before        []*access.Object // as it stood before each event
}

// Pull hands out what has happened since the last time.
func (f *feed) Pull(ctx context.Context) (more bool, err error) {
	var l *look
	err = f.service.config.DB.Read(ctx, f.tenant, func(tx *store.Tx) error {
		l = &look{feed: f, tx: tx, shown: map[string]Conversation{}}
		return l.read(ctx)
	})
	if err != nil {
		return false, err
	}
	for _, give := range l.give {
		give()
	}
	return l.more, nil
}

// then has something done once all has been read.
func (l *look) then(give func()) { l.give = append(l.give, give) }

func (l *look) read(ctx context.Context) error {
	for _, step := range []func(context.Context) error{
		l.rules, l.happened, l.find, l.supervised, l.tellLists, l.tellMine, l.tellThreads, l.bring, l.tellBoards, l.furnish,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	l.then(l.conclude)
	return nil
}

// conclude notes how far the feed is.
func (l *look) conclude() {
	f := l.feed
	f.begun, f.position = true, l.reached
	if l.full {
		f.policy, f.judged = l.policy.Version, time.Now()
	}
	f.coming = slices.DeleteFunc(f.coming, func(one *follower) bool { return !one.coming })
}

func (l *look) rules(ctx context.Context) error {
	t, err := tenant.Find(ctx, l.tx)
	if err != nil {
		return err
	}
	compiled, err := l.feed.service.config.Policy.At(ctx, l.tx, t.PolicyVersion)
	l.rights = rights{policy: compiled, tenant: l.feed.tenant, at: l.tx.Now}
	l.full = err == nil && (l.feed.policy != compiled.Version || time.Since(l.feed.judged) >= judgeEvery)
	return err
}

// happened reads the events since the last look.
func (l *look) happened(ctx context.Context) (err error) {
	if l.head, err = lastOf(ctx, l.tx, deskStream); err != nil {
		return err
	}
	l.reached = l.head
	if l.head != l.feed.position {
		l.feed.stirred = true
	}
	if !l.feed.begun || l.head == l.feed.position {
		return nil
	}
	events, err := eventsAfter(ctx, l.tx, l.feed.position, maxEvents)
	if err != nil {
		return err
	}
	if len(events) == 0 || events[0].seq != l.feed.position+1 {
		l.skipped()
		return nil
	}
	if last := events[len(events)-1].seq; last < l.head {
		l.reached, l.more = last, true
	}
	l.touched = l.gather(events)
	return nil
}

// skipped is for a node that could not read for so long that the events are not kept any more: everybody
// comes again, and will find out.
func (l *look) skipped() {
	l.recede(l.feed.lists)
	for _, mine := range l.feed.mine {
		l.recede(mine)
	}
	for _, t := range l.feed.threads {
		l.recede(t.followers)
	}
}

// recede has followers come again from where they are. That is as good when the look fails.
func (l *look) recede(followers set) {
	for one := range followers {
		l.feed.recede(one)
	}
	l.more = true
}

// gather puts together what happened to each conversation, in the order of what happened last.
func (l *look) gather(events []event) (list []*touch) {
	byID := map[string]*touch{}
	for i := range events {
		e := &events[i]
		t := byID[e.conversation]
		if t == nil {
			t = &touch{id: e.conversation, requester: e.requester}
			byID[e.conversation] = t
			list = append(list, t)
		}
		t.last, t.noticed = e.seq, max(t.noticed, e.requesterSeq)
		if was := e.was(l.tenant); was != nil {
			t.before = append(t.before, was)
		}
	}
	slices.SortFunc(list, func(a, b *touch) int { return cmp.Compare(a.last, b.last) })
	return list
}

// find reads the conversations that somebody here may want to hear of.
func (l *look) find(ctx context.Context) (err error) {
	f, ids := l.feed, store.Set{}
	for _, t := range l.touched {
		if len(f.lists) > 0 || f.mine[t.requester] != nil || f.threads[t.id] != nil {
			ids = append(ids, t.id)
		}
	}
	for _, one := range f.next() {
		if one.stream == threadStream {
			ids = append(ids, one.conversation)
		}
	}
	l.rows, err = conversationsByID(ctx, l.tx, ids)
	return err
}

// next are those who are coming and whose turn it is.
func (f *feed) next() []*follower { return f.coming[:min(len(f.coming), maxComing)] }

// supervised reads who supervises the conversations that are followed by others than their requesters.
func (l *look) supervised(ctx context.Context) (err error) {
	var ids store.Set
	for id, t := range l.feed.threads {
		for one := range t.followers {
			if one.User != t.conversation.Requester {
				ids = append(ids, id)
				break
			}
		}
	}
	for _, one := range l.feed.next() {
		if one.stream == threadStream {
			ids = append(ids, one.conversation)
		}
	}
	l.supervisions, err = openSupervisions(ctx, l.tx, ids)
	return err
}
