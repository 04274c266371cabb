package session

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

type leaveInput struct {
	ID string `path:"id" maxLength:"64"`
}

// handleLeave ends the visit whose token the caller has, or, with a token of the platform, every visit
// of theirs in the tenant. Where there is none the tenant might as well not exist.
func (s *Service) handleLeave(ctx context.Context, in *leaveInput) (*struct{}, error) {
	by := caller.Must(ctx)
	visit := ""
	switch {
	case by.Visit != nil && in.ID == by.Tenant:
		visit = by.Session
	case by.Visit != nil || by.Tenant != tenant.Platform:
		return nil, store.ErrNotFound
	}
	return nil, s.leave(ctx, by.User, in.ID, visit)
}

func (s *Service) leave(ctx context.Context, visitor, id, visit string) error {
	return s.config.DB.Across(ctx, store.TenantVisits, func(span *store.Span) error {
		if _, err := tenant.Known(ctx, span, id); err != nil {
			return err
		}
		api.ActingFor(ctx, "tenant", id)
		api.Touched(ctx, "tenant", id)
		return s.recordVisit(ctx, span, id, func(tx *store.Tx) error {
			ended, err := s.endVisits(ctx, tx, visitor, visit, visitLeft)
			if err == nil && len(ended) == 0 {
				err = store.ErrNotFound
			}
			for _, v := range ended {
				api.Touched(ctx, "visit", v)
			}
			return err
		})
	})
}
