package desk

import (
	"cmp"
	"context"
	"slices"

	"github.com/usher-desk/usher/access"
)

// tellLists tells those who follow the list. Whose rules have changed has to read it anew: what they saw
// before, and see no longer, no event tells of.
func (l *look) tellLists(context.Context) error {
	for one := range l.feed.lists {
		if l.full && !l.judgeList(one) {
			continue
		}
		l.tellList(one, l.touched, l.reached)
	}
	return nil
}

// judgeList finds out what the list shows to a follower, and reports false when it is not what it was.
func (l *look) judgeList(one *follower) bool {
	covers, view, refusal := l.list(one.User)
	switch {
	case refusal != nil:
		l.then(func() { l.feed.refuse(one, refusal) })
		return false
	case view != one.view:
		l.then(func() {
			one.covers, one.view = covers, view
			one.Reset(at(l.reached, view))
		})
		return false
	}
	one.covers = covers
	return true
}

// tellList sends what has happened up to a position.
func (l *look) tellList(one *follower, touched []*touch, upTo int64) {
	for _, t := range touched {
		if t.requester == one.User {
			continue // that is for mine, with the requester's face
		}
		c := l.rows[t.id]
		switch {
		case c != nil && one.covers.Covers(c.object(l.tenant)):
			l.show(one, t.last, c, reader{user: one.User})
		case slices.ContainsFunc(t.before, func(was *access.Object) bool { return one.covers.Covers(was) }):
			l.hide(one, t.last, t.id)
		}
	}
	l.seen(one, upTo)
}

// tellMine tells requesters what they may notice of their own requests.
func (l *look) tellMine(context.Context) error {
	if l.full {
		for user, followers := range l.feed.mine {
			if refusal := l.mine(user); refusal != nil {
				for one := range followers {
					l.then(func() { l.feed.refuse(one, refusal) })
				}
			}
		}
	}
	byNumber := slices.SortedFunc(slices.Values(l.touched), func(a, b *touch) int { return cmp.Compare(a.noticed, b.noticed) })
	for _, t := range byNumber { // the requester's own, in which the last event may not count
		if c := l.rows[t.id]; c != nil && t.noticed > 0 && l.mine(t.requester) == nil {
			for one := range l.feed.mine[t.requester] {
				l.show(one, t.noticed, c, reader{user: one.User, requester: true})
			}
		}
	}
	return nil
}
