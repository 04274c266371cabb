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

type cloneRoleOutput struct {
	ETag string `header:"ETag"`
	Body struct {
		RoleJSON
		Exclusions []string `json:"exclusions" doc:"Those that the clone has joined, because the role it is made from is in them"`
	}
}

func (s *Service) handleCloneRole(ctx context.Context, in *cloneRoleInput) (*cloneRoleOutput, error) {
	b := in.Body
	made, joined, err := s.cloneRole(ctx, caller.Must(ctx), in.Name, Role{
		Name: b.Name, LabelZH: b.LabelZH, LabelEN: b.LabelEN, DescriptionZH: b.DescriptionZH, DescriptionEN: b.DescriptionEN,
	})
	if err != nil {
		return nil, err
	}
	out := &cloneRoleOutput{ETag: api.ETag(made.Version)}
	out.Body.RoleJSON, out.Body.Exclusions = made.json(), append([]string{}, joined...)
	return out, nil
}

// cloneRole makes a role of the tenant's own from another, which may be built in. Who clones it writes what it
// holds, and must hold that. The clone joins the exclusions of the other: as another name for the same duty it
// would be a way around them.
func (s *Service) cloneRole(ctx context.Context, by *caller.Caller, name string, as Role) (made Role, joined []string, err error) {
	if err := as.CheckNew(); err != nil {
		return Role{}, nil, err
	}
	err = s.Change(ctx, by, func(tx *store.Tx) error {
		if err := by.Require("role:read", roleObject(by.Tenant, name)); err != nil {
			return err
		}
		from, err := findRole(ctx, tx, name)
		if err != nil {
			return err
		}
		if err := AddRole(ctx, tx, by, as.like(from)); err != nil {
			return err
		}
		if joined, err = joinExclusions(ctx, tx, name, as.Name); err != nil {
			return err
		}
		if made, err = findRole(ctx, tx, as.Name); err != nil {
			return err
		}
		api.Touched(ctx, "role", name)
		noteRole(ctx, Role{}, made)
		return s.config.Audit.Append(ctx, tx, noteExclusions(ctx, as.Name, nil, joined)...)
	})
	return made, joined, err
}

// like returns the role with what another one holds, and its texts where it has none of its own.
func (r Role) like(from Role) Role {
	return Role{
		Name: r.Name, Active: true, Permissions: from.Permissions, RequiresMFA: from.RequiresMFA,
		LabelZH: cmp.Or(r.LabelZH, from.LabelZH), LabelEN: cmp.Or(r.LabelEN, from.LabelEN),
		DescriptionZH: cmp.Or(r.DescriptionZH, from.DescriptionZH), DescriptionEN: cmp.Or(r.DescriptionEN, from.DescriptionEN),
	}
}

// noteExclusions tells the record which exclusions a role has left and joined, and returns notes of each of them: there may
// be more than one record has room to name.
func noteExclusions(ctx context.Context, role string, left, joined []string) (each []*api.Notes) {
	api.Changed(ctx, "exclusions", left, joined)
	note := func(exclusion string, went, came []string) {
		one, notes := api.NotesOfOne(ctx)
		api.Touched(one, "exclusion", exclusion)
		api.ChangedBy(one, "roles", went, came)
		each = append(each, notes)
	}
	for _, x := range left {
		note(x, []string{role}, nil)
	}
	for _, x := range joined {
		note(x, nil, []string{role})
	}
	return each
}
