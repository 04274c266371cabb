package session

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// named is a session as a request names it, with what the request proves about it.
type named struct {
	tenant, session string
	proven          func(row) bool // whether the session is the bearer's
	sparing         bool           // while the disk is nearly full its user has so many calls; see [api.Sparing]
}

// named is the session that a refresh token belongs to, also one that is no longer good.
func (t refreshToken) named() named {
	return named{tenant: t.tenant, session: t.session, proven: func(r row) bool { return r.standing(t) != foreign }}
}

// named is the session that an access token belongs to.
func (c Claims) named() named {
	return named{tenant: c.TenantID, session: c.SessionID, proven: func(r row) bool { return r.user == c.Subject }}
}

// sparingly is the session for what may be done with it without end.
func (n named) sparingly() named {
	n.sparing = true
	return n
}

// find returns the session and its tenant, in whose trail the record then lies; [store.ErrNotFound]
// when there is none, or the bearer has not proven that it is theirs.
func (n named) find(ctx context.Context, tx *store.Tx) (tenant.Tenant, row, error) {
	t, err := tenant.Find(ctx, tx)
	if err != nil {
		return tenant.Tenant{}, row{}, err
	}
	api.CallFrom(ctx).Trail = t.ID
	r, err := findSession(ctx, tx, n.session)
	if err == nil && !n.proven(r) {
		err = store.ErrNotFound
	}
	return t, r, err
}

// change runs f on the session in a write transaction, in which nobody else changes the session. It is
// looked for in one that only reads before: strangers who send made-up tokens do not hold up those
// who write.
func (s *Service) change(ctx context.Context, n named, f func(*store.Tx, tenant.Tenant, row) error) error {
	var seen row
	err := s.config.DB.Read(ctx, n.tenant, func(tx *store.Tx) (err error) {
		_, seen, err = n.find(ctx, tx)
		return err
	})
	if err == nil && n.sparing {
		err = api.Sparing(ctx, n.tenant, seen.user)
	}
	if err != nil {
		return err
	}
	return s.config.DB.Write(ctx, n.tenant, func(tx *store.Tx) error {
		if err := holdSession(ctx, tx, n.session); err != nil {
			return err
		}
		t, r, err := n.find(ctx, tx)
		if err != nil {
			return err
		}
		return f(tx, t, r)
	})
}
