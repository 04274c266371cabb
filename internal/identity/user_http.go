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
	api.IfPreview
	Body struct {
		Username *string `json:"username,omitempty" minLength:"1" maxLength:"64"`
		ProfileChange
		Departments *[]string `json:"departments,omitempty" maxItems:"1000" maxLength:"64" doc:"Replaces all; needs role:assign as well"`
	}
}

type deleteUserInput struct {
	UserPath
	api.IfMatch
	api.IfPreview
}

type switchUserInput struct {
	UserPath
	api.IfPreview
}

func (s *Service) handleUser(ctx context.Context, in *UserPath) (*personOutput, error) {
	by := caller.Must(ctx)
	var u User
	var v viewer
	err := s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) (err error) {
		if u, err = Find(ctx, tx, in.ID); err != nil {
			return err
		}
		if err := mayView(by, u); err != nil {
			return err
		}
		v, err = s.newViewer(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	api.Touched(ctx, "user", in.ID)
	return v.output(by, u)
}

// mayView asks for either permission to see a user; how much is seen is for the answer to decide.
func mayView(by *caller.Caller, u User) error {
	if by.RequireNew("user:read", u.object(by.Tenant)) == nil {
		return nil
	}
	return by.Require("user:view", u.object(by.Tenant))
}

func (s *Service) handleUpdateUser(ctx context.Context, in *updateUserInput) (*personOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if ctx, err = in.Expecting(ctx, false); err != nil {
		return nil, err
	}
	by := caller.Must(ctx)
	u, v, err := s.update(ctx, by, in.ID, version, userChange{in.Body.Username, in.Body.ProfileChange, in.Body.Departments})
	if err != nil {
		return nil, err
	}
	return v.output(by, u)
}

func (s *Service) handleDeleteUser(ctx context.Context, in *deleteUserInput) (*struct{}, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if ctx, err = in.Expecting(ctx, false); err != nil {
		return nil, err
	}
	return nil, s.delete(ctx, caller.Must(ctx), in.ID, version)
}

func (s *Service) handleDisable(ctx context.Context, in *switchUserInput) (*personOutput, error) {
	return s.handleActive(ctx, in, false)
}

func (s *Service) handleEnable(ctx context.Context, in *switchUserInput) (*personOutput, error) {
	return s.handleActive(ctx, in, true)
}

func (s *Service) handleActive(ctx context.Context, in *switchUserInput, active bool) (*personOutput, error) {
	ctx, err := in.Expecting(ctx, false)
	if err != nil {
		return nil, err
	}
	by := caller.Must(ctx)
	u, v, err := s.setActive(ctx, by, in.ID, active)
	if err != nil {
		return nil, err
	}
	return v.output(by, u)
}
