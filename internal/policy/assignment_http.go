package policy

import (
	"context"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

// UserPath names a user. It is exported because huma passes over embedded structs that are not.
type UserPath struct {
	ID string `path:"id" maxLength:"64"`
}

type userRolesJSON struct {
	Roles          []AssignmentJSON `json:"roles" doc:"In the order in which they were given, expired ones included"`
	PermissionList []string         `json:"permission_list" nullable:"true" doc:"Where it is a list, it applies instead of the roles; null: the roles decide"`
}

type userRolesOutput struct {
	ETag string `header:"ETag"`
	Body userRolesJSON
}

type setRolesInput struct {
	ID string `path:"id" maxLength:"64"`
	api.IfMatch
	api.IfPreview
	Body setRoles
}

// setRoles is what becomes of a user's roles, and of their list.
type setRoles struct {
	Roles          []RoleEntry            `json:"roles" maxItems:"64" doc:"All roles of the user from now on"`
	PermissionList api.Optional[[]string] `json:"permission_list" required:"false" maxItems:"1000" maxLength:"256" doc:"What becomes of the user's own list; needed where there is one"`
}

type permissionListOutput struct {
	ETag string `header:"ETag"`
	Body struct {
		PermissionList []string `json:"permission_list" nullable:"true" doc:"null: the roles decide"`
	}
}

type setPermissionListInput struct {
	ID string `path:"id" maxLength:"64"`
	api.IfMatch
	api.IfPreview
	Body struct {
		PermissionList api.Optional[[]string] `json:"permission_list" maxItems:"1000" maxLength:"256" doc:"Exactly what the user may do, instead of the roles; null: the roles decide"`
	}
}

func (s *Service) handleUserRoles(ctx context.Context, in *UserPath) (*userRolesOutput, error) {
	h, err := s.readHolding(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return h.output(), nil
}

func (s *Service) handlePermissionList(ctx context.Context, in *UserPath) (*permissionListOutput, error) {
	h, err := s.readHolding(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return h.listOutput(), nil
}

func (s *Service) handleSetUserRoles(ctx context.Context, in *setRolesInput) (*userRolesOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if ctx, err = in.Expecting(ctx, false); err != nil {
		return nil, err
	}
	h, err := s.setRoles(ctx, in.ID, version, in.Body)
	if err != nil {
		return nil, err
	}
	return h.output(), nil
}

func (s *Service) setRoles(ctx context.Context, user string, version int64, body setRoles) (holding, error) {
	return s.changeHolding(ctx, user, version, func(by *caller.Caller, tx *store.Tx, h *holding) (err error) {
		if h.list != nil && !body.PermissionList.Sent {
			return ErrPermissionListStands
		}
		if h.assignments, err = ParseAssignments(by.Subject.Snapshot(), tx.Now, "body.roles", body.Roles); err != nil {
			return err
		}
		if body.PermissionList.Sent {
			h.list, err = parseList(by.Catalogue, body.PermissionList)
		}
		return err
	})
}

func (s *Service) handleSetPermissionList(ctx context.Context, in *setPermissionListInput) (*permissionListOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if ctx, err = in.Expecting(ctx, false); err != nil {
		return nil, err
	}
	h, err := s.changeHolding(ctx, in.ID, version, func(by *caller.Caller, _ *store.Tx, h *holding) (err error) {
		h.list, err = parseList(by.Catalogue, in.Body.PermissionList)
		return err
	})
	if err != nil {
		return nil, err
	}
	return h.listOutput(), nil
}

// parseList keeps null nil: the roles decide.
func parseList(c *access.Catalogue, sent api.Optional[[]string]) ([]access.Permission, error) {
	if sent.Null {
		return nil, nil
	}
	return ParsePermissions(c, "body.permission_list", sent.Value)
}
