package session

import (
	"context"

	"github.com/usher-desk/usher/internal/cluster"
	"github.com/usher-desk/usher/internal/store"
)

// aboutSessions is the topic of messages and marks about a user's sessions, or about those of a whole
// tenant when no user is named.
const aboutSessions cluster.Topic = "sessions"

// A mark outlives the tokens that it speaks against.
const _ = uint64(cluster.MarkLife - AccessTokenLife - tokenLeeway)

// subscribe has this node forget what other nodes have changed.
func (s *Service) subscribe() {
	s.config.Cluster.Subscribe(aboutSessions, func(m cluster.Message) { s.heard(userKey{m.Tenant, m.Payload}) }, s.live.forgetAll)
}

// forget has every node drop what it remembers about a user, or about everybody in a tenant when no
// user is named. It is called after the commit that changed it, see [Service.forgetAfter].
func (s *Service) forget(key userKey) {
	s.config.Cluster.Announce(cluster.Message{Tenant: key.tenant, Topic: aboutSessions, Payload: key.user})
}

// forgetAfter is forget, in the tenant of the transaction, once that has committed.
func (s *Service) forgetAfter(tx *store.Tx, user string) {
	key := userKey{tx.Tenant(), user}
	tx.AfterCommit(func() { s.forget(key) })
}

// heard drops what is remembered, and has whoever holds connections ask again.
func (s *Service) heard(key userKey) {
	s.live.forget(key)
	if s.config.Forgotten != nil {
		s.config.Forgotten(key.tenant, key.user)
	}
}

// remembered returns the session of a token, from memory as long as that may be trusted;
// [store.ErrNotFound] when it has none that is in force.
func (s *Service) remembered(ctx context.Context, claims Claims) (liveSession, error) {
	user, id := userKey{claims.TenantID, claims.Subject}, claims.SessionID
	if found, ok := s.live.find(user, id, s.config.DB.Now()); ok && found.covers(claims) {
		return found, nil
	}
	u := s.live.of(user)
	u.asking.Lock()
	defer u.asking.Unlock()
	if found, ok := s.stillLive(ctx, user, u, id); ok && found.covers(claims) {
		return found, nil
	}
	find := findLive
	if claims.Act != nil {
		find = findLiveVisit
	}
	var found liveSession
	err := s.config.DB.Read(ctx, user.tenant, func(tx *store.Tx) (err error) {
		found, err = find(ctx, tx, id, user.user)
		return err
	})
	if err == nil {
		s.live.keep(user, u, id, found)
	}
	return found, err
}

// covers reports whether what is remembered can judge the token: one of a later epoch has been made since.
func (l liveSession) covers(claims Claims) bool {
	return claims.Epochs.Tenant <= l.epochs.Tenant && claims.Epochs.User <= l.epochs.User
}

// stillLive is what somebody else has just found out, or what the user's marks speak for.
func (s *Service) stillLive(ctx context.Context, user userKey, u *liveUser, id string) (liveSession, bool) {
	now := s.config.DB.Now()
	if stamp := s.live.stampOf(u); !stamp.Fresh(now) {
		stamp, stand := s.config.Cluster.Renew(ctx, now, stamp, user.tenant, marksOf(user)...)
		s.live.restamp(user, u, stamp, stand)
	}
	return s.live.find(user, id, now)
}

// marksOf are the marks that speak for what is remembered of a user.
func marksOf(user userKey) []cluster.Mark {
	return []cluster.Mark{{Topic: aboutSessions, ID: user.user}, {Topic: aboutSessions}}
}
