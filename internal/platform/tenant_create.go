package platform

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

type createInput struct {
	Body struct {
		Slug     string `json:"slug" maxLength:"39" doc:"What people type to name the tenant; never changes" example:"acme"`
		Name     string `json:"name" minLength:"1" maxLength:"128"`
		Preset   string `json:"preset" maxLength:"64" doc:"The built-in roles to begin with" example:"it-desk"`
		Locale   string `json:"locale" enum:"zh-CN,en"`
		TimeZone string `json:"time_zone" maxLength:"64" example:"Asia/Shanghai"`
		Admin    string `json:"admin" minLength:"1" maxLength:"64" doc:"Username of the first administrator"`
	}
}

type createOutput struct {
	ETag string `header:"ETag"`
	Body struct {
		Tenant    overviewJSON `json:"tenant"`
		Admin     string       `json:"admin" doc:"Id of the first administrator"`
		Link      string       `json:"link" doc:"By which the first administrator chooses a password, once; shown here only"`
		ExpiresAt time.Time    `json:"expires_at" doc:"Until when the link is good"`
	}
}

// created is a new tenant with what its first administrator comes in by.
type created struct {
	view
	admin   string
	link    string
	expires time.Time
}

func (s *Service) handleCreate(ctx context.Context, in *createInput) (*createOutput, error) {
	b := &in.Body
	c, err := s.create(ctx, caller.Must(ctx), tenant.NewTenant{
		Slug: b.Slug, Name: b.Name, Preset: b.Preset, Locale: b.Locale, TimeZone: b.TimeZone,
	}, b.Admin)
	if err != nil {
		return nil, inBody(err, map[string]string{"username": "admin"})
	}
	out := &createOutput{ETag: api.ETag(c.Version)}
	out.Body.Tenant, out.Body.Admin, out.Body.Link, out.Body.ExpiresAt = c.json(), c.admin, c.link, c.expires
	return out, nil
}

// create makes a tenant and its first administrator, who has no password until they redeem the link.
func (s *Service) create(ctx context.Context, by *caller.Caller, n tenant.NewTenant, admin string) (c created, err error) {
	err = s.config.DB.Across(ctx, store.TenantSetUp, func(span *store.Span) error {
		if err := s.may(ctx, span, by, "tenant:create", ""); err != nil {
			return err
		}
		t, err := s.config.Tenants.Create(ctx, span, n)
		if err != nil {
			return err
		}
		return s.record(ctx, span, t.ID, func(tx *store.Tx) error {
			user, err := s.firstAdministrator(ctx, tx, admin)
			if err != nil {
				return err
			}
			c.admin = user.ID
			if c.link, c.expires, err = s.config.Identity.CreateLink(ctx, tx, user.ID); err != nil {
				return err
			}
			c.view, err = look(ctx, tx, t)
			return err
		})
	})
	return c, err
}

// firstAdministrator is exempt from the guard rails: there is nobody yet who could hold anything.
func (s *Service) firstAdministrator(ctx context.Context, tx *store.Tx, username string) (identity.User, error) {
	user, err := s.config.Identity.Create(ctx, tx, identity.NewUser{Username: username, FirstAdmin: true})
	if err != nil {
		return identity.User{}, err
	}
	api.Touched(ctx, "user", user.ID)
	api.Changed(ctx, "roles", nil, []string{"admin"})
	return user, policy.SetAssignments(ctx, tx, user.ID, []policy.Assignment{{Role: "admin"}})
}

// inBody leads the places of a refusal to where they stand in the request, some under another name.
func inBody(err error, names map[string]string) error {
	var refusal *fault.Error
	if errors.As(err, &refusal) {
		for i, p := range refusal.Places {
			name := strings.TrimPrefix(p.Location, "body.")
			refusal.Places[i].Location = "body." + cmp.Or(names[name], name)
		}
	}
	return err
}
