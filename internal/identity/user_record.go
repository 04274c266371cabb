package identity

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/usher-desk/usher/internal/api"
)

// noteUser tells the record what became of the user. What says something about a person is only
// committed to.
func noteUser(ctx context.Context, before, after User) {
	api.Touched(ctx, "user", after.ID)
	noteProfile(ctx, before.Profile, after.Profile)
	if before.Active != after.Active {
		api.Changed(ctx, "active", []string{strconv.FormatBool(before.Active)}, []string{strconv.FormatBool(after.Active)})
	}
	if !slices.Equal(before.Departments, after.Departments) {
		api.ChangedPrivately(ctx, "departments", fmt.Sprint(before.Departments), fmt.Sprint(after.Departments))
	}
}

func noteProfile(ctx context.Context, before, after Profile) {
	api.ChangedPrivately(ctx, "username", before.Username, after.Username)
	api.ChangedPrivately(ctx, "name", before.Name, after.Name)
	api.ChangedPrivately(ctx, "email", before.Email, after.Email)
	api.ChangedPrivately(ctx, "phone", before.Phone, after.Phone)
	if before.Locale != after.Locale {
		api.Changed(ctx, "locale", term(before.Locale), term(after.Locale))
	}
}

// term is one name from a vocabulary, or none.
func term(name string) []string {
	if name == "" {
		return nil
	}
	return []string{name}
}
