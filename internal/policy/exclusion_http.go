package policy

import (
	"cmp"
	"context"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

type exclusionJSON struct {
	Name          string    `json:"name"`
	Roles         []string  `json:"roles" doc:"Sorted"`
	AtMost        int       `json:"at_most" doc:"How many of the roles one user may have; assignments count until they expire"`
	DescriptionZH string    `json:"description_zh"`
	DescriptionEN string    `json:"description_en"`
	CreatedAt     time.Time `json:"created_at"`
	UpdatedAt     time.Time `json:"updated_at"`
	Version       int64     `json:"version"`
}

type exclusionOutput struct {
	ETag string `header:"ETag"`
	Body exclusionJSON
}

func (x Exclusion) json() exclusionJSON {
	return exclusionJSON{
		Name: x.Name, Roles: x.Roles, AtMost: x.AtMost, DescriptionZH: x.DescriptionZH, DescriptionEN: x.DescriptionEN,
		CreatedAt: x.CreatedAt, UpdatedAt: x.UpdatedAt, Version: x.Version,
	}
}

func (x Exclusion) output() *exclusionOutput {
	return &exclusionOutput{ETag: api.ETag(x.Version), Body: x.json()}
}

type exclusionsInput struct {
	api.PageInput
}

// ExclusionPath names an exclusion. It is exported because huma passes over embedded structs that
// are not.
type ExclusionPath struct {
	Name string `path:"name" maxLength:"64"`
}

type createExclusionInput struct {
	api.IfPreview
	Body newExclusion
}

type newExclusion struct {
	Name          string   `json:"name" pattern:"^[a-z][a-z0-9_]{0,63}$" maxLength:"64" doc:"Never changes" example:"pays_or_approves"`
	Roles         []string `json:"roles" minItems:"2" maxItems:"100" maxLength:"64" doc:"Names of roles" example:"[\"cashier\", \"controller\"]"`
	AtMost        int      `json:"at_most,omitempty" minimum:"1" doc:"How many of the roles one user may have, fewer than there are; 1 when absent"`
	DescriptionZH string   `json:"description_zh,omitempty" maxLength:"1000"`
	DescriptionEN string   `json:"description_en,omitempty" maxLength:"1000"`
}

func (n newExclusion) exclusion() Exclusion {
	return Exclusion{
		Name: n.Name, Roles: n.Roles, AtMost: cmp.Or(n.AtMost, 1),
		DescriptionZH: n.DescriptionZH, DescriptionEN: n.DescriptionEN,
	}
}

type changeExclusionInput struct {
	ExclusionPath
	api.IfMatch
	api.IfPreview
	Body exclusionChange
}

// exclusionChange holds what a change sends; nil stays as it is.
type exclusionChange struct {
	Roles         *[]string `json:"roles,omitempty" minItems:"2" maxItems:"100" maxLength:"64" doc:"Replaces the whole set"`
	AtMost        *int      `json:"at_most,omitempty" minimum:"1"`
	DescriptionZH *string   `json:"description_zh,omitempty" maxLength:"1000"`
	DescriptionEN *string   `json:"description_en,omitempty" maxLength:"1000"`
}

type deleteExclusionInput struct {
	ExclusionPath
	api.IfMatch
	api.IfPreview
}

func (s *Service) handleExclusions(ctx context.Context, in *exclusionsInput) (*api.PageOutput[exclusionJSON], error) {
	after, err := in.After(ctx)
	if err != nil {
		return nil, err
	}
	by := caller.Must(ctx)
	scope, err := by.Filter("role:read")
	if err != nil {
		return nil, err
	}
	var found []Exclusion
	err = s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) error {
		found, err = listExclusions(ctx, tx, in, scope, after)
		return err
	})
	if err != nil {
		return nil, err
	}
	return api.NewPage(ctx, in.PageInput, found, Exclusion.json, func(x Exclusion) []string { return []string{x.Name} }), nil
}

func (s *Service) handleExclusion(ctx context.Context, in *ExclusionPath) (*exclusionOutput, error) {
	by := caller.Must(ctx)
	if err := by.Require("role:read", roleObject(by.Tenant, in.Name)); err != nil {
		return nil, err
	}
	var x Exclusion
	err := s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) (err error) {
		x, err = findExclusion(ctx, tx, in.Name)
		return err
	})
	if err != nil {
		return nil, err
	}
	api.Touched(ctx, "exclusion", x.Name)
	return x.output(), nil
}

func (s *Service) handleCreateExclusion(ctx context.Context, in *createExclusionInput) (*exclusionOutput, error) {
	ctx, err := in.Expecting(ctx, false)
	if err != nil {
		return nil, err
	}
	x, err := s.createExclusion(ctx, caller.Must(ctx), in.Body.exclusion())
	if err != nil {
		return nil, err
	}
	return x.output(), nil
}

func (s *Service) handleUpdateExclusion(ctx context.Context, in *changeExclusionInput) (*exclusionOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if ctx, err = in.Expecting(ctx, false); err != nil {
		return nil, err
	}
	x, err := s.updateExclusion(ctx, caller.Must(ctx), in.Name, version, in.Body)
	if err != nil {
		return nil, err
	}
	return x.output(), nil
}

func (s *Service) handleDeleteExclusion(ctx context.Context, in *deleteExclusionInput) (*struct{}, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if ctx, err = in.Expecting(ctx, false); err != nil {
		return nil, err
	}
	return nil, s.deleteExclusion(ctx, caller.Must(ctx), in.Name, version)
}
