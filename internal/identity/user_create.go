package identity

import (
	"context"
	"slices"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
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
	id, err := s.create(ctx, by, in)
	if err != nil {
		return nil, err
	}
	return s.show(ctx, by, id, nil)
}

// create adds a user with what the request gives them.
func (s *Service) create(ctx context.Context, by *caller.Caller, in *createUserInput) (id string, err error) {
	b := &in.Body
	n := NewUser{Username: b.Username, Name: b.Name, Email: b.Email, Phone: b.Phone, Locale: b.Locale, Departments: b.Departments}
	err = s.config.Policy.Change(ctx, by, func(tx *store.Tx) error {
		given, err := in.given(ctx, tx, by)
		if err != nil {
			return err
		}
		if err := by.RequireNew("user:create", User{Departments: n.Departments}.object(by.Tenant)); err != nil {
			return err
		}
		u, err := s.Create(ctx, tx, n)
		if err != nil {
			return err
		}
		if err := given.store(ctx, tx, u.ID); err != nil {
			return err
		}
		id = u.ID
		noteUser(ctx, User{Active: true}, u)
		given.note(ctx)
		return s.config.Audit.Append(ctx, tx)
	})
	return id, err
}

// given is the access that a new user begins with.
type given struct {
	roles []policy.Assignment
	list  []access.Permission // nil: the roles decide
}

// given reads the access that a request gives to a new user. Whatever is not the default needs
// role:assign.
func (in *createUserInput) given(ctx context.Context, tx *store.Tx, by *caller.Caller) (g given, err error) {
	t, err := tenant.Find(ctx, tx)
	if err != nil {
		return given{}, err
	}
	if in.ordinary(t.DefaultRole) {
		if t.DefaultRole != "" {
			g.roles = []policy.Assignment{{Role: t.DefaultRole}}
		}
		return g, nil
	}
	if err := mayAssign(by); err != nil {
		return given{}, err
	}
	if err := checkDepartments(by.Subject.Snapshot(), in.Body.Departments); err != nil {
		return given{}, err
	}
	return in.special(tx, by, t.DefaultRole)
}

// ordinary tells whether the new user gets the default role and nothing else.
func (in *createUserInput) ordinary(defaultRole string) bool {
	b := &in.Body
	if len(b.Departments) > 0 || b.PermissionList.Sent && !b.PermissionList.Null {
		return false
	}
	return b.Roles == nil || len(*b.Roles) == 1 && plain((*b.Roles)[0], defaultRole)
}

// plain tells whether an entry is the role alone, without expiry and departments of its own.
func plain(e policy.RoleEntry, role string) bool {
	return e.Role == role && e.ExpiresAt.IsZero() && e.Departments == nil
}

func (in *createUserInput) special(tx *store.Tx, by *caller.Caller, defaultRole string) (g given, err error) {
	entries := []policy.RoleEntry{}
	switch {
	case in.Body.Roles != nil:
		entries = *in.Body.Roles
	case defaultRole != "":
		entries = append(entries, policy.RoleEntry{Role: defaultRole})
	}
	if g.roles, err = policy.ParseAssignments(by.Subject.Snapshot(), tx.Now, "body.roles", entries); err != nil {
		return given{}, err
	}
	if sent := in.Body.PermissionList; sent.Sent && !sent.Null {
		g.list, err = policy.ParsePermissions(by.Catalogue, "body.permission_list", sent.Value)
		if err == nil && g.list == nil {
			g.list = []access.Permission{} // an empty list is a list
		}
	}
	return g, err
}

func (g given) store(ctx context.Context, tx *store.Tx, user string) error {
	if err := policy.SetAssignments(ctx, tx, user, g.roles); err != nil || g.list == nil {
		return err
	}
	return policy.SetPermissionList(ctx, tx, user, g.list)
}

func (g given) note(ctx context.Context) {
	var roles, permissions []string
	for _, a := range g.roles {
		roles = append(roles, a.Role)
	}
	if roles = sortedSet(roles); len(roles) > 0 {
		api.Changed(ctx, "roles", nil, slices.Clone(roles))
	}
	for _, p := range g.list {
		permissions = append(permissions, p.String())
	}
	if g.list != nil {
		api.Changed(ctx, "permission_list", nil, append([]string{}, permissions...))
	}
}
