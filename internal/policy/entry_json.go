package policy

import (
	"context"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

// RoleEntry is one role of a user as a request says it: its name alone, or with an expiry and
// departments.
type RoleEntry struct {
	Role        string
	ExpiresAt   time.Time // zero: never
	Departments []string  // nil: the user's
}

// AssignmentJSON is one role of a user as answers say it.
type AssignmentJSON struct {
	ID          string     `json:"id"`
	Role        string     `json:"role"`
	ExpiresAt   *time.Time `json:"expires_at" doc:"From this instant on it grants nothing; null: never"`
	Departments []string   `json:"departments" nullable:"true" doc:"What its department scopes reach; null: the user's departments"`
}

// ParseAssignments turns the entries of a request into assignments. What does not exist or has
// expired already is refused with its place below place, such as body.roles.
//
// The snapshot must be the transaction's: under [Service.Change] it is by.Subject.Snapshot().
func ParseAssignments(s *access.Snapshot, now time.Time, place string, entries []RoleEntry) ([]Assignment, error) {
	return nil, nil
}

// ParsePermissions reads the permissions of a request through the catalogue. Each bad one is refused
// with its place below place, such as body.permissions, and the nearest known names.
func ParsePermissions(c *access.Catalogue, place string, names []string) ([]access.Permission, error) {
	return nil, nil
}

// MayGrantRole refuses when the role does not exist, is inactive, or holds what the caller does not.
func (s *Service) MayGrantRole(ctx context.Context, tx *store.Tx, by *caller.Caller, role string) error {
	return nil
}
