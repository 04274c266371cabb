package identity

import (
	"context"
	"slices"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// Codes of users.
var (
	ErrUsernameTaken = fault.Define(fault.Conflict, "username_taken",
		"Somebody in the tenant has this username.", "用户名已被使用。",
		"Choose another; case, width and outer spaces make no difference.")
	errHasHistory = fault.Define(fault.Conflict, "user_has_history",
		"Something at the desk was asked, worked on or written by this user.", "该用户在服务台有历史记录。",
		"Disable the user instead: nobody signs in as them any more, and what they did keeps its name.")
	errDisabled = fault.Define(fault.Conflict, "user_disabled",
		"The user is disabled.", "该用户已停用。",
		"Enable the user first.")
)

// User is one person of a tenant, without what policy knows about them.
type User struct {
	ID string
	Profile
	Departments  []string // ids, sorted
	WeComUserID  string   // "" for none; nobody signs in with it as long as no WeCom is connected
	Active       bool
	PasswordHash *string // bcrypt; nil when the user has no password here
	MustChange   bool    // the password, which was imported, before anything else
	Enrolled     bool    // whether there is a second factor
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
	Inactive    bool // not let in before somebody enables them

	// ImportedHash is what another desk made of a password, see [CheckImportedHash]; the user must change
	// that before anything else. "" for no password.
	ImportedHash string
	WeComUserID  string // see [CheckWeComUserID]; "" for none
}

// Create adds a user, active unless they are not to be, without roles and without a password of their own
// choice. It asks nobody's permission: under the guard rails it is called with the permission decided,
// otherwise where a tenant is being set up. The errors are [fault.ErrInvalid] and [ErrUsernameTaken].
func (s *Service) Create(ctx context.Context, tx *store.Tx, n NewUser) (User, error) {
	if n.Locale == "" {
		t, err := tenant.Find(ctx, tx)
		if err != nil {
			return User{}, err
		}
		n.Locale = t.Locale
	}
	u := n.user(tx.Now)
	if err := u.check(); err != nil {
		return User{}, err
	}
	free, err := u.insert(ctx, tx)
	if err != nil {
		return User{}, err
	}
	if !free {
		return User{}, ErrUsernameTaken
	}
	return u, addToDepartments(ctx, tx, u.ID, u.Departments)
}

func (n NewUser) user(now time.Time) User {
	u := User{
		ID:          store.NewID(now),
		Profile:     Profile{Username: n.Username, Name: n.Name, Email: n.Email, Phone: n.Phone, Locale: n.Locale}.trimmed(),
		Departments: sortedSet(n.Departments),
		WeComUserID: n.WeComUserID,
		Active:      !n.Inactive, FirstAdmin: n.FirstAdmin, Epoch: 1, Version: 1, CreatedAt: now, UpdatedAt: now,
	}
	if n.ImportedHash != "" {
		u.PasswordHash, u.MustChange = &n.ImportedHash, true
	}
	if u.Name == "" {
		u.Name = u.Username
	}
	return u
}

// object is what permissions on users are about: a user's owner is the user.
func (u User) object(tenant string) *access.Object {
	return &access.Object{Tenant: tenant, Resource: "user", ID: u.ID, Owners: []string{u.ID}, Departments: u.Departments}
}

func sortedSet(list []string) []string {
	sorted := slices.Clone(list)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}
