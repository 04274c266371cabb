package identity

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

// UserPath names a user. It is exported because huma passes over embedded structs that are not.
type UserPath struct {
	ID string `path:"id" maxLength:"64"`
}

type personOutput struct {
	ETag string `header:"ETag"`
	Body personJSON
}

type updateUserInput struct {
	UserPath
	api.IfMatch
	Body struct {
		Username *string `json:"username,omitempty" minLength:"1" maxLength:"64"`
		ProfileChange
		Departments *[]string `json:"departments,omitempty" maxItems:"1000" maxLength:"64" doc:"Replaces all; needs role:assign as well"`
	}
}

type deleteUserInput struct {
	UserPath
	api.IfMatch
}

func (s *Service) handleUser(ctx context.Context, in *UserPath) (*personOutput, error) {
	by := caller.Must(ctx)
	out, err := s.show(ctx, by, in.ID, func(u User) error {
		if by.RequireNew("user:read", u.object(by.Tenant)) == nil {
			return nil
		}
		return by.Require("user:view", u.object(by.Tenant))
	})
	if err != nil {
		return nil, err
	}
	api.Touched(ctx, "user", in.ID)
	return out, nil
}

// show reads a user for an answer: all of them where the caller may read them, else their card.
// allowed decides whether there is an answer; nil where that is decided already.
func (s *Service) show(ctx context.Context, by *caller.Caller, id string, allowed func(User) error) (*personOutput, error) {
	known, err := s.config.Policy.Snapshot(ctx, by.Tenant)
	if err != nil {
		return nil, err
	}
	reads, err := by.Filter("user:read")
	if err != nil {
		return nil, err
	}
	var out *personOutput
	err = s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) error {
		u, err := Find(ctx, tx, id)
		if err != nil {
			return err
		}
		if allowed != nil {
			if err := allowed(u); err != nil {
				return err
			}
		}
		v, err := newViewer(ctx, tx, known)
		if err != nil {
			return err
		}
		out = &personOutput{ETag: api.ETag(u.Version), Body: v.card(u)}
		if reads.Covers(u.object(by.Tenant)) {
			full := v.full(u)
			out.Body.full = &full
		}
		return nil
	})
	return out, err
}

func (s *Service) handleUpdateUser(ctx context.Context, in *updateUserInput) (*personOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	by := caller.Must(ctx)
	if err := s.update(ctx, by, in.ID, version, userChange{in.Body.Username, in.Body.ProfileChange, in.Body.Departments}); err != nil {
		return nil, err
	}
	return s.show(ctx, by, in.ID, nil)
}

func (s *Service) handleDeleteUser(ctx context.Context, in *deleteUserInput) (*struct{}, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	return nil, s.delete(ctx, caller.Must(ctx), in.ID, version)
}

func (s *Service) handleDisable(ctx context.Context, in *UserPath) (*personOutput, error) {
	return s.handleActive(ctx, in.ID, false)
}

func (s *Service) handleEnable(ctx context.Context, in *UserPath) (*personOutput, error) {
	return s.handleActive(ctx, in.ID, true)
}

func (s *Service) handleActive(ctx context.Context, id string, active bool) (*personOutput, error) {
	by := caller.Must(ctx)
	if err := s.setActive(ctx, by, id, active); err != nil {
		return nil, err
	}
	return s.show(ctx, by, id, nil)
}
