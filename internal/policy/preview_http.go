package policy

import (
	"context"
	"net/http"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
)

// RegisterPreview adds an operation that tells what a change of access would do. try makes the change, under
// [Service.Change]; page is the part of the input that says which people of the answer are asked for.
func RegisterPreview[I any](a *api.API, s *Service, op api.Operation, page func(*I) api.PageInput, try func(context.Context, *I) error) {
	op.Method, op.Tenant, op.Limit, op.NeedsNoRoom = http.MethodPost, api.OfCaller, api.Survey, true
	api.Register(a, op, func(ctx context.Context, in *I) (*impactOutput, error) {
		by := caller.Must(ctx)
		end, err := s.previews.Take(ctx, by.Tenant)
		if err != nil {
			return nil, err
		}
		defer end()
		impact, err := s.Preview(ctx, func(ctx context.Context) error { return try(ctx, in) })
		if err != nil {
			return nil, err
		}
		return s.impactOutput(ctx, by, page(in), impact)
	})
}

// ErrOneChange refuses a preview of none or several changes at once.
func ErrOneChange(members string) error {
	return fault.ErrInvalid.At("body", "expected exactly one change: %s", members)
}

type previewRoleInput struct {
	Name string `path:"name" maxLength:"64"`
	api.PageInput
	Body struct {
		Edit   *roleChange `json:"edit,omitempty" doc:"What PATCH of the role would be sent"`
		Active *bool       `json:"active,omitempty" doc:"Activate or deactivate it"`
		Delete bool        `json:"delete,omitempty"`
	}
}

// tryRole makes the change of a role that is to be previewed.
func (s *Service) tryRole(ctx context.Context, in *previewRoleInput) (err error) {
	by, b := caller.Must(ctx), in.Body
	switch {
	case b.Edit != nil && b.Active == nil && !b.Delete:
		_, err = s.updateRole(ctx, by, in.Name, api.AsItStands, *b.Edit)
	case b.Edit == nil && b.Active != nil && !b.Delete && *b.Active:
		_, err = s.activateRole(ctx, by, in.Name)
	case b.Edit == nil && b.Active != nil && !b.Delete:
		_, err = s.deactivateRole(ctx, by, in.Name)
	case b.Edit == nil && b.Active == nil && b.Delete:
		err = s.deleteRole(ctx, by, in.Name, api.AsItStands)
	default:
		err = ErrOneChange("edit, active or delete")
	}
	return err
}

type previewRolesInput struct {
	ID string `path:"id" maxLength:"64"`
	api.PageInput
	Body setRoles
}

// tryUserRoles makes the change of a user's roles that is to be previewed.
func (s *Service) tryUserRoles(ctx context.Context, in *previewRolesInput) error {
	_, err := s.setRoles(ctx, in.ID, api.AsItStands, in.Body)
	return err
}
