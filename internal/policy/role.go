package policy

import (
	"context"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
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

// MayGrantRole refuses when the role cannot be what new users get: it must exist, be active, and
// hold nothing that the caller lacks.
func (s *Service) MayGrantRole(ctx context.Context, tx *store.Tx, by *caller.Caller, role string) error {
	c, err := Load(ctx, tx)
	if err != nil {
		return err
	}
	actor, err := present(by, c)
	if err != nil {
		return err
	}
	found, ok := c.Role(role)
	switch {
	case !ok:
		return fault.ErrInvalid.At("body.default_role", "no such role%s", suggest(nearest(role, roleNamesOf(c.Snapshot))))
	case !found.Active:
		return fault.ErrInvalid.At("body.default_role", "the role is not active")
	}
	if lacking := actor.Lacks(toNewcomers(found), tx.Now); len(lacking) > 0 {
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
