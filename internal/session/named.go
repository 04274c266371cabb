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
}

// named is the session that a refresh token belongs to, also one that is no longer good.
func (t refreshToken) named() named {
	return named{t.tenant, t.session, func(r row) bool { return r.standing(t) != foreign }}
}

// named is the session that an access token belongs to.
func (c Claims) named() named {
	return named{c.TenantID, c.SessionID, func(r row) bool { return r.user == c.Subject }}
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
	err := s.config.DB.Read(ctx, n.tenant, func(tx *store.Tx) error {
		_, _, err := n.find(ctx, tx)
		return err
	})
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
