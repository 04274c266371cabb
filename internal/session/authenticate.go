package session

import (
	"context"
	"errors"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// tokenAudience is who our access tokens are meant for.
const tokenAudience = "usher"

// Authenticate turns an access token into the caller. It is the only way from a token to a caller:
// the token must be ours and in force, its session alive, its epochs those that stand, the user
// active and the tenant not suspended. The errors are [ErrInvalidToken], [ErrTokenExpired] and
// [ErrSessionEnded]; anything else means that the database could not be asked.
func (s *Service) Authenticate(ctx context.Context, token string) (*caller.Caller, error) {
	claims, err := s.verifier.Verify(token)
	if err != nil {
		return nil, tokenFault(err)
	}
	return s.standing(ctx, claims)
}

// Again asks anew whether a caller may go on, and returns them as they are now: for what outlives the
// request that it began with. All that [Service.Authenticate] asks is asked but the token, whose own
// life does not count here: the session's does, of which the token was a proof. The errors are those
// of Authenticate.
func (s *Service) Again(ctx context.Context, who *caller.Caller) (*caller.Caller, error) {
	claims := Claims{
		TenantID: who.Tenant, Subject: who.User, SessionID: who.Session, AMR: who.AMR, AuthTime: who.AuthTime,
		Epochs: &Epochs{Tenant: who.TenantEpoch, User: who.UserEpoch},
	}
	if who.Visit != nil {
		claims.Act = &Act{Subject: who.User, TenantID: tenant.Platform, Write: who.Visit.Write}
	}
	return s.standing(ctx, claims)
}

// standing is the caller, unless what the claims say has ended.
func (s *Service) standing(ctx context.Context, claims Claims) (*caller.Caller, error) {
	found, err := s.alive(ctx, claims)
	if err != nil {
		return nil, err
	}
	if found.visit != nil {
		return s.visiting(ctx, claims, *found.visit)
	}
	return s.callerOf(ctx, claims, found)
}

// alive compares the token with its session, or its visit, and returns that.
func (s *Service) alive(ctx context.Context, claims Claims) (liveSession, error) {
	found, err := s.remembered(ctx, claims)
	if errors.Is(err, store.ErrNotFound) {
		return found, ErrSessionEnded
	}
	if err != nil {
		return found, err
	}
	if claims.Epochs.Tenant < found.epochs.Tenant || claims.Epochs.User < found.epochs.User || !s.config.DB.Now().Before(found.expires) {
		return found, ErrSessionEnded
	}
	return found, nil
}

// callerOf asks the live policy, whatever the token says about roles.
func (s *Service) callerOf(ctx context.Context, claims Claims, found liveSession) (*caller.Caller, error) {
	compiled, subject, err := s.subject(ctx, claims, s.config.Policy.Snapshot)
	if errors.Is(err, ErrSessionEnded) { // by what is known here, which may be a second old
		compiled, subject, err = s.subject(ctx, claims, s.config.Policy.Latest)
	}
	if err != nil {
		return nil, err
	}
	now := s.config.DB.Now()
	return &caller.Caller{
		Tenant:    claims.TenantID,
		User:      claims.Subject,
		Session:   claims.SessionID,
		AMR:       claims.AMR,
		AuthTime:  claims.AuthTime,
		Roles:     subject.Roles(now),
		Enrolled:  found.enrolled,
		MustEnrol: !found.enrolled && compiled.DemandsSecondFactor(claims.Subject, now),
		FactorAt:  factorAt(claims.AMR, claims.AuthTime),

		MustChangePassword: found.imported,

		TenantEpoch: claims.Epochs.Tenant,
		UserEpoch:   claims.Epochs.User,

		Subject:   subject,
		Catalogue: compiled.Catalogue(),
		Policy:    compiled.Version,
		At:        now,
	}, nil
}

// subject is the user in the tenant's policy; [ErrSessionEnded] when it knows nobody who may go on.
func (s *Service) subject(ctx context.Context, claims Claims, snapshot func(context.Context, string) (*policy.Compiled, error)) (*policy.Compiled, access.Subject, error) {
	compiled, err := snapshot(ctx, claims.TenantID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, access.Subject{}, ErrSessionEnded
	}
	if err != nil {
		return nil, access.Subject{}, err
	}
	subject, known := compiled.Subject(claims.Subject)
	if !known || compiled.Suspended() || !subject.User().Active {
		return nil, access.Subject{}, ErrSessionEnded
	}
	return compiled, subject, nil
}
