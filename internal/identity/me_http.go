package identity

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

type userOutput struct {
	ETag string `header:"ETag"`
	Body UserJSON
}

type updateMeInput struct {
	api.IfMatch
	Body ProfileChange
}

func (s *Service) handleMe(ctx context.Context, _ *struct{}) (*userOutput, error) {
	by := caller.Must(ctx)
	var me UserJSON
	err := s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) (err error) {
		me, err = s.View(ctx, tx, by.User)
		return err
	})
	if err != nil {
		return nil, err
	}
	api.Touched(ctx, "user", by.User)
	return me.output(), nil
}

func (s *Service) handleUpdateMe(ctx context.Context, in *updateMeInput) (*userOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	by := caller.Must(ctx)
	me, err := s.updateSelf(ctx, by, version, in.Body)
	if err != nil {
		return nil, err
	}
	return me.output(), nil
}

func (u UserJSON) output() *userOutput { return &userOutput{ETag: api.ETag(u.Version), Body: u} }

// updateSelf changes what of a profile is one's own. None of it is access.
func (s *Service) updateSelf(ctx context.Context, by *caller.Caller, version int64, change ProfileChange) (me UserJSON, err error) {
	err = s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		before, err := Find(ctx, tx, by.User)
		if err != nil {
			return err
		}
		if before.Version != version {
			return api.Stale(before.Version)
		}
		after := before
		after.Profile = change.apply(before.Profile)
		if err := after.check(); err != nil {
			return err
		}
		after.Version, after.UpdatedAt = version+1, tx.Now
		if err := after.store(ctx, tx); err != nil {
			return err
		}
		if me, err = s.View(ctx, tx, by.User); err != nil {
			return err
		}
		noteUser(ctx, before, after)
		return s.config.Audit.Append(ctx, tx)
	})
	return me, err
}
