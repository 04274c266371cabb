package policy

import (
	"cmp"
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

type cloneRoleInput struct {
	Name string `path:"name" maxLength:"64"`
	Body struct {
		Name          string `json:"name" pattern:"^[a-z][a-z0-9_]{0,63}$" maxLength:"64" doc:"Of the new role; never changes"`
		LabelZH       string `json:"label_zh,omitempty" maxLength:"128" doc:"Absent: that of the role it is made from"`
		LabelEN       string `json:"label_en,omitempty" maxLength:"128" doc:"Likewise"`
		DescriptionZH string `json:"description_zh,omitempty" maxLength:"1000" doc:"Likewise"`
		DescriptionEN string `json:"description_en,omitempty" maxLength:"1000" doc:"Likewise"`
	}
}

// handleCloneRole makes a role of the tenant's own from another, which may be built in. Who clones it writes what it
// holds, and must hold that.
func (s *Service) handleCloneRole(ctx context.Context, in *cloneRoleInput) (*roleOutput, error) {
	by := caller.Must(ctx)
	if err := by.Require("role:read", roleObject(by.Tenant, in.Name)); err != nil {
		return nil, err
	}
	var from Role
	err := s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) (err error) {
		from, err = findRole(ctx, tx, in.Name)
		return err
	})
	if err != nil {
		return nil, err
	}
	api.Touched(ctx, "role", from.Name)
	made, err := s.createRole(ctx, by, Role{
		Name: in.Body.Name, Active: true, Permissions: from.Permissions, RequiresMFA: from.RequiresMFA,
		LabelZH: cmp.Or(in.Body.LabelZH, from.LabelZH), LabelEN: cmp.Or(in.Body.LabelEN, from.LabelEN),
		DescriptionZH: cmp.Or(in.Body.DescriptionZH, from.DescriptionZH), DescriptionEN: cmp.Or(in.Body.DescriptionEN, from.DescriptionEN),
	})
	if err != nil {
		return nil, err
	}
	return made.output(), nil
}
