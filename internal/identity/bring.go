package identity

import (
	"context"
	"slices"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
)

// What follows is for those who bring many users in one transaction of policy's ChangeMany, or take them
// out: they look, decide about access and note by themselves.

// CheckProfile judges a profile as [Service.Create] would; the places are those of a body.
func CheckProfile(p Profile) error { return p.trimmed().check() }

// FindByUsernames returns the users with these usernames, in any case and width, by the folded form.
func FindByUsernames(ctx context.Context, tx *store.Tx, names []string) (map[string]User, error) {
	var keys store.Set
	for _, name := range names {
		keys = append(keys, store.Fold(name))
	}
	w := tx.Where("u")
	w.And("u.username_key IN ?", keys)
	found, err := store.Collect(ctx, tx, scanUser, `SELECT`+userColumns+`
		FROM users u`+w.String(), w.Args()...)
	if err != nil {
		return nil, err
	}
	if err := addDepartments(ctx, tx, found); err != nil {
		return nil, err
	}
	byKey := map[string]User{}
	for _, u := range found {
		byKey[store.Fold(u.Username)] = u
	}
	return byKey, nil
}

// Covered returns the users that a filter of user:read covers by username, in the order of the folded
// form and after this one, so many at most.
func Covered(ctx context.Context, tx *store.Tx, reads access.Filter, after string, most int) ([]User, error) {
	w := tx.Where("u")
	w.AnyOf(policy.UsersCovered(reads))
	if after != "" {
		w.And("u.username_key > ?", store.Fold(after))
	}
	found, err := store.Collect(ctx, tx, scanUser, `SELECT`+userColumns+`
		FROM users u`+w.String()+`
		ORDER BY u.username_key
		LIMIT `+w.First(most), w.Args()...)
	if err != nil {
		return nil, err
	}
	return found, addDepartments(ctx, tx, found)
}

// Bring is [Service.Create] for one of many users: the caller knows that the username is free and the locale, and keeps
// others from making users meanwhile. What it writes travels with what comes after.
func Bring(ctx context.Context, tx *store.Tx, n NewUser) (User, error) {
	u := n.user(tx.Now)
	if err := u.check(); err != nil {
		return User{}, err
	}
	if err := tx.Later(ctx, insertUser, u.values()...); err != nil {
		return User{}, err
	}
	return u, addToDepartments(ctx, tx, u.ID, u.Departments)
}

// MayCreate asks for the permission to make a user in these departments.
func MayCreate(by *caller.Caller, departments []string) error {
	return by.RequireNew("user:create", User{Departments: departments}.object(by.Tenant))
}

// MayMakeInactive asks for the permission to make a user whom nobody lets in yet.
func MayMakeInactive(by *caller.Caller, departments []string) error {
	return by.RequireNew("user:disable", User{Departments: departments}.object(by.Tenant))
}

// MayGiveCredentials asks for the permission to decide what a new user signs in with: whoever knows the
// password can be the user, as with a link.
func MayGiveCredentials(by *caller.Caller, departments []string) error {
	return by.RequireNew("user:reset_credentials", User{Departments: departments}.object(by.Tenant))
}

// TakenAtWeCom returns which of these user ids of WeCom somebody has, by the folded form.
func TakenAtWeCom(ctx context.Context, tx *store.Tx, ids []string) (map[string]bool, error) {
	var keys store.Set
	for _, id := range ids {
		keys = append(keys, store.Fold(id))
	}
	w := tx.Where("u")
	w.And("lower(u.wecom_user_id) IN ?", keys)
	found, err := store.Collect(ctx, tx, store.Text, `
		SELECT lower(u.wecom_user_id)
		FROM users u`+w.String(), w.Args()...)
	taken := map[string]bool{}
	for _, id := range found {
		taken[id] = true
	}
	return taken, err
}

// MayUpdate asks for the permission to change a user.
func MayUpdate(by *caller.Caller, u User) error {
	return by.Require("user:update", u.object(by.Tenant))
}

// NoteNew tells the record of one of many new users what they begin with, and of what says something about a person
// only that it is there: those who begin alike share a record.
func NoteNew(ctx context.Context, u User) {
	api.Touched(ctx, "user", u.ID)
	api.Changed(ctx, "locale", nil, term(u.Locale))
	if !u.Active {
		api.Changed(ctx, "active", nil, []string{"false"})
	}
	if u.MustChange {
		api.Changed(ctx, "must_change_password", nil, []string{"true"})
	}
	for _, field := range []struct {
		name  string
		there bool
	}{
		{"username", true}, {"name", true}, {"email", u.Email != ""}, {"phone", u.Phone != ""},
		{"departments", len(u.Departments) > 0}, {"wecom_user_id", u.WeComUserID != ""}, {"password", u.PasswordHash != nil},
	} {
		if field.there {
			api.ChangedSomehow(ctx, field.name)
		}
	}
}

// NoteChange tells the record what became of a user, as a change of one alone does.
func NoteChange(ctx context.Context, before, after User) { noteUser(ctx, before, after) }

// Same reports whether two states of a user have the same profile and departments.
func Same(a, b User) bool {
	return a.Profile == b.Profile && slices.Equal(sortedSet(a.Departments), sortedSet(b.Departments))
}

// Rewrite stores a user whom the caller may update over the state that the transaction has read, as the next
// version. The errors are those of a change of one user.
func (s *Service) Rewrite(ctx context.Context, tx *store.Tx, by *caller.Caller, before, after User) error {
	after.Profile, after.Departments = after.Profile.trimmed(), sortedSet(after.Departments)
	if err := s.checkChange(ctx, tx, by, before, after); err != nil {
		return err
	}
	after.Version, after.UpdatedAt = before.Version+1, tx.Now
	if err := after.store(ctx, tx); err != nil {
		return err
	}
	if slices.Equal(before.Departments, after.Departments) {
		return nil
	}
	return setDepartments(ctx, tx, after.ID, after.Departments)
}
