package identity

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
)

type createUserInput struct {
	Body struct {
		Username       string                 `json:"username" minLength:"1" maxLength:"64" doc:"Unique in the tenant; case, width and outer spaces make no difference"`
		Name           string                 `json:"name,omitempty" maxLength:"128" doc:"The username when absent"`
		Email          string                 `json:"email,omitempty" maxLength:"254"`
		Phone          string                 `json:"phone,omitempty" maxLength:"32"`
		Locale         string                 `json:"locale,omitempty" enum:"zh-CN,en" doc:"The tenant's when absent"`
		Departments    []string               `json:"departments,omitempty" maxItems:"1000" maxLength:"64" doc:"Ids; needs role:assign as well"`
		Roles          *[]policy.RoleEntry    `json:"roles,omitempty" maxItems:"100" doc:"The tenant's default role when absent; anything else needs role:assign as well"`
		PermissionList api.Optional[[]string] `json:"permission_list" required:"false" maxItems:"1000" maxLength:"256" doc:"Applies instead of the roles; needs role:assign as well"`
	}
}

func (s *Service) handleCreateUser(ctx context.Context, in *createUserInput) (*personOutput, error) {
	by := caller.Must(ctx)
	u, v, err := s.create(ctx, by, in)
	if err != nil {
		return nil, err
	}
	return v.output(by, u)
}

// create adds a user with what the request gives them.
func (s *Service) create(ctx context.Context, by *caller.Caller, in *createUserInput) (User, viewer, error) {
	b := &in.Body
	n := NewUser{Username: b.Username, Name: b.Name, Email: b.Email, Phone: b.Phone, Locale: b.Locale, Departments: b.Departments}
	return s.change(ctx, by, func(tx *store.Tx) (User, error) {
		first, err := in.firstAccess(ctx, tx, by)
		if err != nil {
			return User{}, err
		}
		if err := by.RequireNew("user:create", User{Departments: n.Departments}.object(by.Tenant)); err != nil {
			return User{}, err
		}
		u, err := s.Create(ctx, tx, n)
		if err != nil {
			return User{}, err
		}
		if err := first.store(ctx, tx, u.ID); err != nil {
			return User{}, err
		}
		noteUser(ctx, User{Active: true}, u)
		first.note(ctx)
		return u, s.config.Audit.Append(ctx, tx)
	})
}
