package session

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// visitOutput is the answer to whoever enters a tenant, or stays longer than a token lives.
type visitOutput struct {
	Body struct {
		AccessToken string    `json:"access_token" doc:"Of the visit; there is no refresh token. The session of the platform goes on beside it"`
		TokenType   string    `json:"token_type" enum:"Bearer"`
		ExpiresIn   int64     `json:"expires_in" doc:"Life of the access token in seconds"`
		Visit       visitJSON `json:"visit"`
	}
}

type renewVisitInput struct {
	ID string `path:"id" maxLength:"64"`
}

// handleRenewVisit gives the bearer of a visit's token another one. The visit itself lasts no longer.
func (s *Service) handleRenewVisit(ctx context.Context, in *renewVisitInput) (*visitOutput, error) {
	by := caller.Must(ctx)
	if by.Visit == nil || in.ID != by.Tenant {
		return nil, store.ErrNotFound
	}
	var v visit
	var t tenant.Tenant
	err := s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) (err error) {
		if t, err = tenant.Find(ctx, tx); err != nil {
			return err
		}
		v, err = findVisit(ctx, tx, by.Session, by.User)
		return err
	})
	if err != nil {
		return nil, err
	}
	api.Touched(ctx, "tenant", by.Tenant)
	api.Touched(ctx, "visit", v.id)
	return s.visitOutput(ctx, v, by.Tenant, t.Epoch, by.At)
}

// visitOutput signs a token of a visit. It lives no longer than any access token, and than the visit.
func (s *Service) visitOutput(ctx context.Context, v visit, id string, epoch int64, at time.Time) (*visitOutput, error) {
	by := caller.Must(ctx)
	key, err := s.keys.Load().signer(at)
	if err != nil {
		return nil, err
	}
	life := min(AccessTokenLife, v.expiresAt.Sub(at))
	token, err := key.opened.Issue(Claims{
		Issuer: s.config.URL, Audience: []string{tokenAudience}, Subject: v.visitor, TenantID: id, SessionID: v.id,
		ID: store.NewID(at), IssuedAt: at, ExpiresAt: at.Add(life),
		AuthTime: by.AuthTime, AMR: by.AMR, Roles: by.Roles, Epochs: &Epochs{Tenant: epoch},
		Act: &Act{Subject: v.visitor, TenantID: tenant.Platform, Write: v.write},
	})
	if err != nil {
		return nil, err
	}
	out := &visitOutput{}
	out.Body.AccessToken, out.Body.TokenType, out.Body.ExpiresIn = token, "Bearer", int64(life.Seconds())
	out.Body.Visit = v.json(at)
	return out, nil
}
