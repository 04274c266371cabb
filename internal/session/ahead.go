package session

import (
	"context"

	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/cluster"
	"github.com/usher-desk/usher/internal/store"
)

// AskAhead finds out at once what [Service.Again] would ask about each of many callers of a tenant: the
// marks of all of them, and the sessions of those whose marks have changed, or of all as soon as one of
// them was last read two seconds ago. Done twice a second, it leaves Again with nothing to ask. Whoever it
// cannot speak for is asked about by Again, as ever: visitors, and those about whom somebody asks already.
func (s *Service) AskAhead(ctx context.Context, tenant string, callers []*caller.Caller) error {
	b := batch{}
	defer b.release()
	for _, who := range callers {
		if who.Visit == nil {
			b.add(s.live, userKey{tenant, who.User}, who.Session)
		}
	}
	if len(b) == 0 {
		return nil
	}
	unread := b.renew(ctx, s)
	if len(unread) == 0 {
		return nil
	}
	return s.config.DB.Read(ctx, tenant, func(tx *store.Tx) error {
		found, err := findLives(ctx, tx, b.sessions(unread))
		for _, f := range found {
			if user := (userKey{tenant, f.user}); b[user].sessions[f.id] {
				s.live.keep(user, b[user].liveUser, f.id, f.liveSession)
			}
		}
		return err
	})
}

// batch is users of a tenant who are asked about together. Nobody else asks about them meanwhile.
type batch map[userKey]asked

type asked struct {
	*liveUser
	sessions map[string]bool
}

// add adds a session of a user, unless somebody asks about the user now.
func (b batch) add(l *live, user userKey, session string) {
	if _, known := b[user]; !known {
		u := l.of(user)
		if !u.asking.TryLock() { // waiting for each other, two batches would wait for ever
			return
		}
		b[user] = asked{u, map[string]bool{}}
	}
	b[user].sessions[session] = true
}

func (b batch) release() {
	for _, a := range b {
		a.asking.Unlock()
	}
}

// renew renews the stamps of all, and returns those whose sessions are to be read. All are, once some
// have to be soon: one query is for all of them.
func (b batch) renew(ctx context.Context, s *Service) (unread []userKey) {
	now := s.config.DB.Now()
	users, renewals, aging := make([]userKey, 0, len(b)), make([]cluster.Renewal, 0, len(b)), false
	for user, a := range b {
		before := s.live.stampOf(a.liveUser)
		aging = aging || before.Aging(now)
		users = append(users, user)
		renewals = append(renewals, cluster.Renewal{Before: before, Marks: marksOf(user)})
	}
	if aging {
		for i := range renewals {
			renewals[i].Before = cluster.Stamp{}
		}
	}
	for i, renewed := range s.config.Cluster.RenewAll(ctx, now, users[0].tenant, renewals) {
		s.live.restamp(users[i], b[users[i]].liveUser, renewed.Stamp, renewed.Stands)
		if !renewed.Stands {
			unread = append(unread, users[i])
		}
	}
	return unread
}

// sessions are those of the users.
func (b batch) sessions(users []userKey) (ids store.Set) {
	for _, user := range users {
		for id := range b[user].sessions {
			ids = append(ids, id)
		}
	}
	return ids
}
