package policy

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

// RoleJSON is a role as answers show it. It is exported because huma passes over embedded structs that are not.
type RoleJSON struct {
	Name          string    `json:"name"`
	BuiltIn       bool      `json:"built_in" doc:"Comes with the program: never edited, never deleted"`
	Active        bool      `json:"active" doc:"An inactive role grants nothing"`
	Default       bool      `json:"default" doc:"What a new user gets"`
	LabelZH       string    `json:"label_zh"`
	LabelEN       string    `json:"label_en"`
	DescriptionZH string    `json:"description_zh"`
	DescriptionEN string    `json:"description_en"`
	Permissions   []string  `json:"permissions" doc:"Canonical, sorted"`
	RequiresMFA   bool      `json:"requires_mfa" doc:"Its holders need a second factor"`
	CreatedAt     time.Time `json:"created_at"`
	UpdatedAt     time.Time `json:"updated_at"`
	Version       int64     `json:"version"`
}

type roleOutput struct {
	ETag string `header:"ETag"`
	Body RoleJSON
}

func (r Role) json() RoleJSON {
	return RoleJSON{
		Name: r.Name, BuiltIn: r.BuiltIn, Active: r.Active, Default: r.Default,
		LabelZH: r.LabelZH, LabelEN: r.LabelEN, DescriptionZH: r.DescriptionZH, DescriptionEN: r.DescriptionEN,
		Permissions: PermissionNames(r.Permissions), RequiresMFA: r.RequiresMFA,
		CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, Version: r.Version,
	}
}

func (r Role) output() *roleOutput {
	return &roleOutput{ETag: api.ETag(r.Version), Body: r.json()}
}

type rolesInput struct {
	api.PageInput
	Query string `query:"q" maxLength:"128" doc:"Part of a name or label, in any case"`
}

// RolePath names a role. It is exported because huma passes over embedded structs that are not.
type RolePath struct {
	Name string `path:"name" maxLength:"64"`
}

type createRoleInput struct {
	Body struct {
		Name          string   `json:"name" pattern:"^[a-z][a-z0-9_]{0,63}$" maxLength:"64" doc:"Never changes; \"permissions\" is reserved"`
		LabelZH       string   `json:"label_zh,omitempty" maxLength:"128"`
		LabelEN       string   `json:"label_en,omitempty" maxLength:"128"`
		DescriptionZH string   `json:"description_zh,omitempty" maxLength:"1000"`
		DescriptionEN string   `json:"description_en,omitempty" maxLength:"1000"`
		Permissions   []string `json:"permissions" maxItems:"1000" maxLength:"256" example:"[\"conversation:read:department\"]"`
		RequiresMFA   bool     `json:"requires_mfa,omitempty"`
	}
}

type changeRoleInput struct {
	Name string `path:"name" maxLength:"64"`
	api.IfMatch
	api.IfPreview
	Body roleChange
}

// roleChange holds what a change sends; nil stays as it is.
type roleChange struct {
	LabelZH       *string   `json:"label_zh,omitempty" maxLength:"128"`
	LabelEN       *string   `json:"label_en,omitempty" maxLength:"128"`
	DescriptionZH *string   `json:"description_zh,omitempty" maxLength:"1000"`
	DescriptionEN *string   `json:"description_en,omitempty" maxLength:"1000"`
	Permissions   *[]string `json:"permissions,omitempty" maxItems:"1000" maxLength:"256" doc:"Replaces the whole set"`
	RequiresMFA   *bool     `json:"requires_mfa,omitempty"`
}

type deleteRoleInput struct {
	Name string `path:"name" maxLength:"64"`
	api.IfMatch
}

type switchRoleInput struct {
	RolePath
	api.IfPreview
}

func (s *Service) handleRoles(ctx context.Context, in *rolesInput) (*api.PageOutput[RoleJSON], error) {
	after, err := in.After(ctx, in.Query)
	if err != nil {
		return nil, err
	}
	by := caller.Must(ctx)
	scope, err := by.Filter("role:read")
	if err != nil {
		return nil, err
	}
	var found []Role
	err = s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) error {
		found, err = listRoles(ctx, tx, in, scope, after)
		return err
	})
	if err != nil {
		return nil, err
	}
	return api.NewPage(ctx, in.PageInput, found, Role.json, func(r Role) []string { return []string{r.Name} }, in.Query), nil
}

func (s *Service) handleRole(ctx context.Context, in *RolePath) (*roleOutput, error) {
	by := caller.Must(ctx)
	if err := by.Require("role:read", roleObject(by.Tenant, in.Name)); err != nil {
		return nil, err
	}
	var r Role
	err := s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) (err error) {
		r, err = findRole(ctx, tx, in.Name)
		return err
	})
	if err != nil {
		return nil, err
	}
	api.Touched(ctx, "role", r.Name)
	return r.output(), nil
}

func (s *Service) handleCreateRole(ctx context.Context, in *createRoleInput) (*roleOutput, error) {
	by := caller.Must(ctx)
	b := in.Body
	permissions, err := ParsePermissions(by.Catalogue, "body.permissions", b.Permissions)
	if err != nil {
		return nil, err
	}
	r, err := s.createRole(ctx, by, Role{
		Name: b.Name, Active: true, LabelZH: b.LabelZH, LabelEN: b.LabelEN,
		DescriptionZH: b.DescriptionZH, DescriptionEN: b.DescriptionEN,
		Permissions: permissions, RequiresMFA: b.RequiresMFA,
	})
	if err != nil {
		return nil, err
	}
	return r.output(), nil
}

func (s *Service) handleUpdateRole(ctx context.Context, in *changeRoleInput) (*roleOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if ctx, err = in.Expecting(ctx, true); err != nil {
		return nil, err
	}
	r, err := s.updateRole(ctx, caller.Must(ctx), in.Name, version, in.Body)
	if err != nil {
		return nil, err
	}
	return r.output(), nil
}

func (s *Service) handleDeleteRole(ctx context.Context, in *deleteRoleInput) (*struct{}, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	return nil, s.deleteRole(ctx, caller.Must(ctx), in.Name, version)
}

func (s *Service) handleActivateRole(ctx context.Context, in *switchRoleInput) (*roleOutput, error) {
	ctx, err := in.Expecting(ctx, true)
	if err != nil {
		return nil, err
	}
	r, err := s.activateRole(ctx, caller.Must(ctx), in.Name)
	if err != nil {
		return nil, err
	}
	return r.output(), nil
}

func (s *Service) handleDeactivateRole(ctx context.Context, in *switchRoleInput) (*roleOutput, error) {
	ctx, err := in.Expecting(ctx, false) // an emergency does not wait
	if err != nil {
		return nil, err
	}
	r, err := s.deactivateRole(ctx, caller.Must(ctx), in.Name)
	if err != nil {
		return nil, err
	}
	return r.output(), nil
}
