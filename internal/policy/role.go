package policy

import (
	"slices"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
)

// Role is a named set of permissions as it is stored.
type Role struct {
	Name          string // never changes
	BuiltIn       bool   // comes from the preset: never edited, never deleted
	Active        bool   // an inactive role grants nothing
	Default       bool   // what a new user gets; the tenant's row says so
	LabelZH       string
	LabelEN       string
	DescriptionZH string
	DescriptionEN string
	Permissions   []access.Permission // in the order of their canonical strings, each once
	RequiresMFA   bool                // its holders need a second factor
	Version       int64
	CreatedAt     time.Time
	UpdatedAt     time.Time
}

// SameRole reports whether two roles mean and say the same.
func SameRole(a, b Role) bool {
	return a.Name == b.Name && a.Active == b.Active && a.RequiresMFA == b.RequiresMFA &&
		a.LabelZH == b.LabelZH && a.LabelEN == b.LabelEN && a.DescriptionZH == b.DescriptionZH && a.DescriptionEN == b.DescriptionEN &&
		slices.Equal(sortedPermissions(a.Permissions), sortedPermissions(b.Permissions))
}

// MayGrantRole refuses when the role cannot be what new users get: it must exist, be active, and
// hold nothing that the caller lacks. It is asked under [Service.Change], where the caller is who
// they are now.
func (s *Service) MayGrantRole(by *caller.Caller, role string) error {
	snapshot := by.Subject.Snapshot()
	found, ok := snapshot.Role(role)
	switch {
	case !ok:
		return fault.ErrInvalid.At("body.default_role", "%s", unknownRole(role, snapshot.RoleNames()))
	case !found.Active:
		return fault.ErrInvalid.At("body.default_role", "the role is not active")
	}
	if lacking := by.Subject.Lacks(toNewcomers(found), by.At); len(lacking) > 0 {
		return ErrCannotGrant.With("you lack %s", tell(lacking))
	}
	return nil
}

// toNewcomers is what a role grants to users who are not yet here and belong to no department.
func toNewcomers(r access.Role) (grants []access.Grant) {
	for _, p := range r.Permissions {
		grants = append(grants, access.Grant{Permission: p, From: r.Name})
	}
	return grants
}
