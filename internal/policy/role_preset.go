package policy

import (
	"context"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// maxRolesInBusiness is what the business preset begins with: there a person has one role.
const maxRolesInBusiness = 1

// CreateRoles gives a new tenant the roles of its preset and makes one of them the default. It is a
// [tenant.Participant].
func (s *Service) CreateRoles(ctx context.Context, tx *store.Tx, t tenant.Tenant) error {
	roles, _ := access.Preset(t.Preset)
	var defaultRole string
	for _, r := range roles {
		if _, err := insertRole(ctx, tx, builtIn(r)); err != nil {
			return err
		}
		if r.Default {
			defaultRole = r.Name
		}
	}
	limit := t.MaxRolesPerUser
	if t.Preset == "business" {
		limit = maxRolesInBusiness
	}
	return setRoleDefaults(ctx, tx, defaultRole, limit)
}

func builtIn(r access.PresetRole) Role {
	return Role{
		Name: r.Name, BuiltIn: true, Active: true,
		LabelZH: r.Zh, LabelEN: r.En, DescriptionZH: r.DescriptionZh, DescriptionEN: r.DescriptionEn,
		Permissions: sortedPermissions(r.Permissions), RequiresMFA: r.RequiresMFA,
	}
}
