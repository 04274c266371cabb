package tenant

import (
	"context"
	"strings"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/store"
)

// Object is a tenant as an object of the access rules: it belongs to the platform.
func Object(id string) *access.Object {
	return &access.Object{Tenant: Platform, Resource: "tenant", ID: id}
}

// ProfileChange is what the platform may change of a tenant without entering it; nil stays as it is.
// It is exported because huma passes over embedded structs that are not.
type ProfileChange struct {
	Name     *string `json:"name,omitempty" minLength:"1" maxLength:"128"`
	Locale   *string `json:"locale,omitempty" enum:"zh-CN,en"`
	TimeZone *string `json:"time_zone,omitempty" maxLength:"64" example:"Asia/Shanghai"`
}

func (c ProfileChange) apply(t Tenant) Tenant {
	replace(&t.Name, c.Name)
	replace(&t.Locale, c.Locale)
	replace(&t.TimeZone, c.TimeZone)
	t.Name = strings.TrimSpace(t.Name)
	return t
}

// ChangeProfile writes the profile of the transaction's tenant over the version that the caller knows,
// whose permission has been asked for.
func ChangeProfile(ctx context.Context, tx *store.Tx, version int64, change ProfileChange) (Tenant, error) {
	before, err := Find(ctx, tx)
	if err != nil {
		return Tenant{}, err
	}
	if before.Version != version {
		return Tenant{}, api.Stale(before.Version)
	}
	after := change.apply(before)
	if err := checkProfile("body.", after.Name, after.Locale, after.TimeZone); err != nil {
		return Tenant{}, err
	}
	after.Version, after.UpdatedAt = version+1, tx.Now
	noteSettings(ctx, before, after)
	return after, after.store(ctx, tx)
}
