package identity

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/policy"
)

type previewUserInput struct {
	UserPath
	api.PageInput
	Body struct {
		Active      *bool     `json:"active,omitempty" doc:"Enable or disable the user"`
		Delete      bool      `json:"delete,omitempty"`
		Departments *[]string `json:"departments,omitempty" maxItems:"1000" maxLength:"64" doc:"Replaces all"`
	}
}

func (s *Service) previewRoutes(a *api.API) {
	policy.RegisterPreview(a, s.config.Policy, api.Operation{
		ID: "user-preview", Path: "/v1/users/{id}/preview", Summary: "See what disabling, deleting or moving a user would do",
		Access: api.Needs("user:disable", "user:delete", "user:update"), Event: "user.preview",
	}, func(in *previewUserInput) api.PageInput { return in.PageInput }, s.tryUser)
}

// tryUser makes the change of a user that is to be previewed.
func (s *Service) tryUser(ctx context.Context, in *previewUserInput) (err error) {
	by, b := caller.Must(ctx), in.Body
	switch {
	case b.Active != nil && !b.Delete && b.Departments == nil:
		_, _, err = s.setActive(ctx, by, in.ID, *b.Active)
	case b.Active == nil && b.Delete && b.Departments == nil:
		err = s.delete(ctx, by, in.ID, api.AsItStands)
	case b.Active == nil && !b.Delete && b.Departments != nil:
		_, _, err = s.update(ctx, by, in.ID, api.AsItStands, userChange{departments: b.Departments})
	default:
		err = policy.ErrOneChange("active, delete or departments")
	}
	return err
}
