package session

import (
	"context"
	"errors"
	"strings"

	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

type logoutInput struct {
	RefreshCookie
	Authorization string `header:"Authorization" hidden:"true" doc:"The access token of the session to end"`
}

type logoutOutput struct {
	SetCookie string `header:"Set-Cookie"`
}

// handleSignOut ends the session that is named, by access token or by cookie. Where neither is good
// there is nothing to end and the answer is the same. A session that could not be ended is an error:
// nobody is told that they are signed out when they are not. Neither is one that ended because the
// cookie is a used one.
func (s *Service) handleSignOut(ctx context.Context, in *logoutInput) (*logoutOutput, error) {
	err := s.signOut(ctx, in)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, nobody(ctx, err)
	}
	return &logoutOutput{SetCookie: s.noCookie()}, nil
}

// signOut ends a session; [store.ErrNotFound] when there was none to end.
func (s *Service) signOut(ctx context.Context, in *logoutInput) error {
	claims, err := s.claimsIn(ctx, in.Authorization)
	if err == nil {
		err = s.change(ctx, claims.named(), s.ending(ctx))
	}
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	token, ok := s.refreshTokenIn(in.RefreshCookie)
	if !ok {
		return store.ErrNotFound
	}
	return s.changeByRefresh(ctx, token, token.named(), s.ending(ctx))
}

// claimsIn reads an access token that is ours and in force; [store.ErrNotFound] when there is none. One that a changed
// password has voided ends nothing: whoever has it may be why the password was changed.
func (s *Service) claimsIn(ctx context.Context, authorization string) (Claims, error) {
	scheme, token, _ := strings.Cut(authorization, " ")
	claims, err := s.verifier.Verify(token)
	if err != nil || !strings.EqualFold(scheme, "Bearer") {
		return Claims{}, store.ErrNotFound
	}
	_, err = s.alive(ctx, claims)
	if errors.Is(err, ErrSessionEnded) {
		err = store.ErrNotFound
	}
	return claims, err
}

// ending ends a session that is the bearer's.
func (s *Service) ending(ctx context.Context) func(*store.Tx, tenant.Tenant, row) error {
	return func(tx *store.Tx, t tenant.Tenant, r row) error {
		ended, err := endSession(ctx, tx, r.id, endedSignedOut)
		if err == nil && !ended {
			err = store.ErrNotFound
		}
		if err != nil {
			return err
		}
		s.forgetAfter(tx, r.user)
		return s.recordEnd(ctx, tx, t, r)
	}
}

func (s *Service) recordEnd(ctx context.Context, tx *store.Tx, t tenant.Tenant, r row) error {
	user, err := s.config.Identity.View(ctx, tx, r.user)
	if err != nil {
		return err
	}
	return s.record(ctx, tx, issued{user: user, caller: &caller.Caller{
		Tenant: t.ID, User: r.user, Session: r.id, AMR: r.amr, AuthTime: r.authTime,
		Roles: user.Roles, Policy: t.PolicyVersion, At: tx.Now,
	}})
}
