package identity

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// User is one person of a tenant, without what policy knows about them.
type User struct {
	ID       string
	Username string // as it was written; unique by its key, see store.Fold
	Name     string
	Email    string
	Phone    string
	Locale   string

	Departments  []string // ids, sorted
	Active       bool
	PasswordHash *string // bcrypt; nil when the user has no password here
	FirstAdmin   bool    // counts as able to sign in until the first link is redeemed

	Epoch   int64 // tokens issued in an earlier one are refused
	Version int64 // covers profile, departments, assignments and list

	CreatedAt time.Time
	UpdatedAt time.Time
}

// NewUser is what a user is made from. Assignments and list are policy's to add.
type NewUser struct {
	Username    string
	Name        string // the username when empty
	Email       string
	Phone       string
	Locale      string // the tenant's when empty
	Departments []string
	FirstAdmin  bool // the first administrator of a tenant
}

// Create adds an active user without a password and without roles.
func (s *Service) Create(ctx context.Context, tx *store.Tx, n NewUser) (User, error) {
	return User{}, nil
}

// Find returns a user of the transaction's tenant; [store.ErrNotFound] when there is none.
func Find(ctx context.Context, tx *store.Tx, id string) (User, error) { return User{}, nil }

// FindByUsername finds a user by what people type, in any case and width; [store.ErrNotFound] when
// there is none.
func FindByUsername(ctx context.Context, tx *store.Tx, name string) (User, error) { return User{}, nil }

// CanSignIn returns those of the users who can sign in: active, with a password, or still to redeem
// the first administrator's link.
func CanSignIn(ctx context.Context, tx *store.Tx, users []string) ([]string, error) { return nil, nil }
