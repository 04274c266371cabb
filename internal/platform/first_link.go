package platform

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// errRedeemed: from then on the tenant's people help each other, and the platform's do not choose who
// comes in.
var errRedeemed = fault.Define(fault.Conflict, "first_link_redeemed",
	"The tenant's first administrator has come in already.", "租户的首位管理员已完成设置。",
	"An administrator of the tenant makes links for its users; on the machine there is usher recover-admin.")

type firstLinkOutput struct {
	Body struct {
		Admin     string    `json:"admin" doc:"Id of the first administrator"`
		Link      string    `json:"link" doc:"By which they choose a password, once; shown here only. Earlier ones are void"`
		ExpiresAt time.Time `json:"expires_at"`
	}
}

func (s *Service) firstLinkRoute(a *api.API) {
	api.Register(a, api.Operation{
		ID: "tenant-first-link", Method: http.MethodPost, Path: "/v1/platform/tenants/{id}/first-link", Summary: "Make another link for a tenant's first administrator",
		Access: api.Needs("tenant:create"), Tenant: api.OfCaller, Event: "password_link.create", Machine: true, Limit: api.Ordinary, Status: http.StatusCreated,
	}, s.handleFirstLink)
}

// handleFirstLink is for a first administrator who has never been in: their link was lost, or too old.
func (s *Service) handleFirstLink(ctx context.Context, in *TenantPath) (*firstLinkOutput, error) {
	out := &firstLinkOutput{}
	err := s.config.DB.Across(ctx, store.TenantAdministration, func(span *store.Span) error {
		if err := s.may(ctx, span, caller.Must(ctx), "tenant:create", in.ID); err != nil {
			return err
		}
		t, err := tenant.Known(ctx, span, in.ID)
		if err == nil && t.Status != tenant.Active {
			err = tenant.ErrSuspended
		}
		if err != nil {
			return err
		}
		return s.record(ctx, span, in.ID, func(tx *store.Tx) error {
			user, err := identity.FindFirstAdmin(ctx, tx)
			if errors.Is(err, store.ErrNotFound) {
				err = errRedeemed
			}
			if err != nil {
				return err
			}
			api.Touched(ctx, "user", user.ID)
			out.Body.Admin = user.ID
			out.Body.Link, out.Body.ExpiresAt, err = s.config.Identity.CreateLink(ctx, tx, user.ID)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}
