package session

import (
	"context"
	"errors"

	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
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
	return s.standing(ctx, Claims{
		TenantID: who.Tenant, Subject: who.User, SessionID: who.Session, AMR: who.AMR, AuthTime: who.AuthTime,
		Epochs: &Epochs{Tenant: who.TenantEpoch, User: who.UserEpoch},
	})
}

// standing is the caller, unless what the claims say has ended.
func (s *Service) standing(ctx context.Context, claims Claims) (*caller.Caller, error) {
	found, err := s.alive(ctx, claims)
	if err != nil {
		return nil, err
	}
	return s.callerOf(ctx, claims, found.enrolled)
}

// alive compares the token with its session, and returns that.
func (s *Service) alive(ctx context.Context, claims Claims) (liveSession, error) {
	user := userKey{claims.TenantID, claims.Subject}
	found, ok, forgot := s.live.find(user, claims.SessionID)
	if !ok {
		err := s.config.DB.Read(ctx, claims.TenantID, func(tx *store.Tx) (err error) {
			found, err = findLive(ctx, tx, claims.SessionID, claims.Subject)
			return err
		})
		if errors.Is(err, store.ErrNotFound) {
			return found, ErrSessionEnded
		}
		if err != nil {
			return found, err
		}
		s.live.keep(user, claims.SessionID, found, forgot)
	}
	if claims.Epochs.Tenant < found.epochs.Tenant || claims.Epochs.User < found.epochs.User || !s.config.DB.Now().Before(found.expires) {
		return found, ErrSessionEnded
	}
	return found, nil
}

// callerOf asks the live policy, whatever the token says about roles.
func (s *Service) callerOf(ctx context.Context, claims Claims, enrolled bool) (*caller.Caller, error) {
	compiled, err := s.config.Policy.Snapshot(ctx, claims.TenantID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, ErrSessionEnded
	}
	if err != nil {
		return nil, err
	}
	subject, known := compiled.Subject(claims.Subject)
	if !known || compiled.Suspended() || !subject.User().Active {
		return nil, ErrSessionEnded
	}
	now := s.config.DB.Now()
	return &caller.Caller{
		Tenant:    claims.TenantID,
		User:      claims.Subject,
		Session:   claims.SessionID,
		AMR:       claims.AMR,
		AuthTime:  claims.AuthTime,
		Roles:     subject.Roles(now),
		Enrolled:  enrolled,
		MustEnrol: !enrolled && compiled.DemandsSecondFactor(claims.Subject, now),
		FactorAt:  factorAt(claims.AMR, claims.AuthTime),

		TenantEpoch: claims.Epochs.Tenant,
		UserEpoch:   claims.Epochs.User,

		Subject:   subject,
		Catalogue: compiled.Catalogue(),
		Policy:    compiled.Version,
		At:        now,
	}, nil
}
