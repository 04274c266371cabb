package session

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// changeByRefresh is change for the session that a refresh token names, if the token is good. A used one ends the
// session instead: two people have had it, the user and whoever copied it, and nobody can tell who
// this is. That is [ErrRefreshReused].
func (s *Service) changeByRefresh(ctx context.Context, token refreshToken, n named, f func(*store.Tx, tenant.Tenant, row) error) error {
	reused := false
	err := s.change(ctx, n, func(tx *store.Tx, t tenant.Tenant, r row) error {
		if reused = r.standing(token) == used; reused {
			return s.endReused(ctx, tx, r)
		}
		return f(tx, t, r)
	})
	if err == nil && reused {
		err = ErrRefreshReused
	}
	return err
}

// endReused ends the session for good, with a line in the log that its user reads. The record names
// nobody as the actor, and what was touched.
func (s *Service) endReused(ctx context.Context, tx *store.Tx, r row) error {
	if _, err := endSession(ctx, tx, r.id, endedReuse); err != nil {
		return err
	}
	if err := forgetDeviceOf(ctx, tx, r.user, r.id); err != nil { // who copied one cookie has the other
		return err
	}
	s.forgetAfter(tx, r.user)
	line := signInLine{user: r.user, method: methodRefresh, outcome: signInFailure, reason: refusedReuse, tries: 1, from: originOf(ctx)}
	if err := logSignIn(ctx, tx, line); err != nil {
		return err
	}
	api.Touched(ctx, "user", r.user)
	api.Touched(ctx, "session", r.id)
	return s.config.Audit.AppendRefusal(ctx, tx, ErrRefreshReused)
}
