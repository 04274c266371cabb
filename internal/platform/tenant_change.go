package platform

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

type updateInput struct {
	TenantPath
	api.IfMatch
	Body struct{ tenant.ProfileChange }
}

type reasonInput struct {
	TenantPath
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"Why; the tenant's administrators can read it"`
	}
}

func (s *Service) handleTenant(ctx context.Context, in *TenantPath) (*tenantOutput, error) {
	if err := caller.Must(ctx).Require("tenant:read", tenant.Object(in.ID)); err != nil {
		return nil, err
	}
	var v view
	err := s.config.DB.AcrossRead(ctx, store.TenantFigures, func(span *store.Span) error {
		t, err := tenant.Known(ctx, span, in.ID)
		if err != nil {
			return err
		}
		return span.In(ctx, t.ID, func(tx *store.Tx) error {
			v, err = look(ctx, tx, t)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	api.Touched(ctx, "tenant", v.ID)
	return v.output(), nil
}

func (s *Service) handleUpdate(ctx context.Context, in *updateInput) (*tenantOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	return s.change(ctx, "tenant:update", in.ID, func(tx *store.Tx) (tenant.Tenant, error) {
		return tenant.ChangeProfile(ctx, tx, version, in.Body.ProfileChange)
	})
}

func (s *Service) handleSuspend(ctx context.Context, in *reasonInput) (*tenantOutput, error) {
	return s.setStatus(ctx, in, tenant.Suspended)
}

func (s *Service) handleResume(ctx context.Context, in *reasonInput) (*tenantOutput, error) {
	return s.setStatus(ctx, in, tenant.Active)
}

// setStatus takes no version: an emergency never waits. What ended with a suspension stays ended
// afterwards; people sign in again.
func (s *Service) setStatus(ctx context.Context, in *reasonInput, status tenant.Status) (*tenantOutput, error) {
	reason, err := tenant.CheckReason("body.reason", in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return s.change(ctx, "tenant:suspend", in.ID, func(tx *store.Tx) (tenant.Tenant, error) {
		api.ChangedPrivately(ctx, "reason", "", reason)
		t, err := tenant.SetStatus(ctx, tx, status)
		if err != nil || status == tenant.Active {
			return t, err
		}
		if err := identity.VoidAllLinks(ctx, tx); err != nil {
			return t, err
		}
		return t, s.config.Sessions.EndTenant(ctx, tx, "tenant_suspended")
	})
}

// change runs f inside a tenant for a caller who may do this to it, and answers with what became of
// the tenant.
func (s *Service) change(ctx context.Context, permission, id string, f func(*store.Tx) (tenant.Tenant, error)) (*tenantOutput, error) {
	var v view
	err := s.config.DB.Across(ctx, store.TenantAdministration, func(span *store.Span) error {
		if err := s.may(ctx, span, caller.Must(ctx), permission, id); err != nil {
			return err
		}
		if _, err := tenant.Known(ctx, span, id); err != nil {
			return err
		}
		return s.record(ctx, span, id, func(tx *store.Tx) error {
			t, err := f(tx)
			if err != nil {
				return err
			}
			v, err = look(ctx, tx, t)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return v.output(), nil
}

// may decides by who the caller is now. It comes first, so that everybody who spans tenants takes the
// platform's row before that of any other.
func (s *Service) may(ctx context.Context, span *store.Span, by *caller.Caller, permission, id string) error {
	return span.In(ctx, tenant.Platform, func(tx *store.Tx) error {
		if err := s.config.Policy.Hold(ctx, tx, by); err != nil {
			return err
		}
		return by.Require(permission, tenant.Object(id))
	})
}

// record runs f inside a tenant and records the call in its trail and in the platform's. What is known
// here of the tenant's policy is history after the commit.
func (s *Service) record(ctx context.Context, span *store.Span, id string, f func(*store.Tx) error) error {
	api.Touched(ctx, "tenant", id)
	err := span.In(ctx, id, func(tx *store.Tx) error {
		if err := f(tx); err != nil {
			return err
		}
		return s.config.Audit.Append(ctx, tx)
	})
	if err != nil {
		return err
	}
	span.AfterCommit(func() { s.config.Policy.Forget(id) })
	return span.In(ctx, tenant.Platform, func(tx *store.Tx) error { return s.config.Audit.Append(ctx, tx) })
}
