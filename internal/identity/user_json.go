package identity

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// UserJSON is a user as sign-in, /v1/me and /v1/users show them.
type UserJSON struct {
	ID             string           `json:"id"`
	Username       string           `json:"username"`
	Name           string           `json:"name"`
	Email          string           `json:"email"`
	Phone          string           `json:"phone"`
	Locale         string           `json:"locale"`
	Tenant         TenantJSON       `json:"tenant"`
	Departments    []string         `json:"departments" doc:"Ids of departments"`
	Roles          []string         `json:"roles" doc:"Names of the roles in force, each once"`
	Assignments    []AssignmentJSON `json:"assignments"`
	Permissions    []string         `json:"permissions" doc:"What is in force, canonical and sorted"`
	PermissionList *[]string        `json:"permission_list" doc:"The user's own list, which applies instead of the roles; null when the roles decide"`
	Active         bool             `json:"active"`
	RequiresMFA    bool             `json:"requires_mfa" doc:"A role in force demands a second factor"`
	HasPassword    bool             `json:"has_password"`
	CreatedAt      time.Time        `json:"created_at"`
	UpdatedAt      time.Time        `json:"updated_at"`
	Version        int64            `json:"version"`
}

// TenantJSON names a tenant.
type TenantJSON struct {
	ID   string `json:"id"`
	Slug string `json:"slug"`
	Name string `json:"name"`
}

// AssignmentJSON is one role in a user's hands.
type AssignmentJSON struct {
	ID          string     `json:"id"`
	Role        string     `json:"role"`
	ExpiresAt   *time.Time `json:"expires_at" doc:"From this instant on it grants nothing; null for never"`
	Departments *[]string  `json:"departments" doc:"What department scopes reach; null for the user's departments"`
}

// View shows a user with what the policy of the same transaction gives them.
func (s *Service) View(ctx context.Context, tx *store.Tx, id string) (UserJSON, error) {
	return UserJSON{}, nil
}
