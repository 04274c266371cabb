package platform

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/session"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// TenantPath names a tenant. It is exported because huma passes over embedded structs that are not.
type TenantPath struct {
	ID string `path:"id" maxLength:"64"`
}

type tenantOutput struct {
	ETag string `header:"ETag"`
	Body overviewJSON
}

type overviewJSON struct {
	ID        string      `json:"id"`
	Slug      string      `json:"slug"`
	Name      string      `json:"name"`
	Preset    string      `json:"preset" doc:"Which built-in roles the tenant was made with"`
	Locale    string      `json:"locale" enum:"zh-CN,en"`
	TimeZone  string      `json:"time_zone"`
	Status    string      `json:"status" enum:"active,suspended"`
	Demo      bool        `json:"demo" doc:"Whether it is the demonstration's"`
	Figures   figuresJSON `json:"figures"`
	CreatedAt time.Time   `json:"created_at"`
	UpdatedAt time.Time   `json:"updated_at"`
	Version   int64       `json:"version"`
}

type figuresJSON struct {
	Users        int64      `json:"users"`
	ActiveUsers  int64      `json:"active_users" doc:"Users who are not disabled"`
	Sessions     int64      `json:"sessions" doc:"Sessions in force"`
	LastSignInAt *time.Time `json:"last_sign_in_at" doc:"The last one that succeeded; null when the sign-in log has none"`
}

// view is a tenant as the platform sees it.
type view struct {
	tenant.Tenant
	users    identity.Figures
	sessions session.Usage
}

// look counts what the transaction's tenant has. These figures are all that leaves a tenant this way.
func look(ctx context.Context, tx *store.Tx, t tenant.Tenant) (v view, err error) {
	v.Tenant = t
	if v.users, err = identity.Count(ctx, tx); err != nil {
		return v, err
	}
	v.sessions, err = session.UsageOf(ctx, tx)
	return v, err
}

func (v view) json() overviewJSON {
	out := overviewJSON{
		ID: v.ID, Slug: v.Slug, Name: v.Name, Preset: v.Preset, Locale: v.Locale, TimeZone: v.TimeZone,
		Status: string(v.Status), Demo: v.Demo, CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt, Version: v.Version,
		Figures: figuresJSON{Users: v.users.All, ActiveUsers: v.users.Active, Sessions: v.sessions.Alive},
	}
	if last := v.sessions.LastSignIn; !last.IsZero() {
		out.Figures.LastSignInAt = &last
	}
	return out
}

func (v view) output() *tenantOutput { return &tenantOutput{ETag: api.ETag(v.Version), Body: v.json()} }
