package platform

import (
	"cmp"
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/seal"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

type setUpInput struct {
	Body struct {
		Secret   string `json:"secret" minLength:"1" maxLength:"512" doc:"The link that usher serve printed, or what stands behind its #"`
		Tenant   string `json:"tenant" maxLength:"39" doc:"The slug: what people type to name the tenant; never changes" example:"acme"`
		Name     string `json:"name,omitempty" maxLength:"128" doc:"The slug when absent"`
		Preset   string `json:"preset,omitempty" maxLength:"64" doc:"The built-in roles to begin with; it-desk when absent"`
		Locale   string `json:"locale,omitempty" enum:"zh-CN,en" doc:"zh-CN when absent"`
		TimeZone string `json:"time_zone,omitempty" maxLength:"64" doc:"Asia/Shanghai when absent"`
		Username string `json:"username" minLength:"1" maxLength:"64" doc:"Of the first administrator"`
		Password string `json:"password" minLength:"1" maxLength:"1024"`
	}
}

type setUpOutput struct {
	Body struct {
		Tenant    identity.TenantJSON `json:"tenant"`
		Challenge string              `json:"challenge" doc:"The sign-in goes on with it, at POST /v1/auth/login/enrol: the administrator needs a second factor"`
		ExpiresAt time.Time           `json:"expires_at" doc:"Until when the challenge is good"`
	}
}

// handleSetUp looks at the secret before anything else: a stranger learns nothing and costs nothing.
func (s *Service) handleSetUp(ctx context.Context, in *setUpInput) (*setUpOutput, error) {
	text := in.Body.Secret
	if _, behind, found := strings.Cut(text, "#"); found {
		text = behind
	}
	secret, ok := seal.ParseOpaque(strings.TrimSpace(text), seal.OpaqueSize)
	if !ok {
		return nil, identity.ErrBadLink
	}
	err := s.config.DB.AcrossRead(ctx, store.TenantSetUp, func(span *store.Span) error {
		_, err := check(ctx, span, secret)
		return err
	})
	if err != nil {
		return nil, err
	}
	out, err := s.setUp(ctx, secret, in)
	if err != nil {
		return nil, inBody(err, map[string]string{"slug": "tenant"})
	}
	if err := s.config.SetUpFile.remove(); err != nil {
		slog.WarnContext(ctx, "the file of a used link could not be removed", "file", string(s.config.SetUpFile), "cause", err)
	}
	return out, nil
}

func (in *setUpInput) newTenant() tenant.NewTenant {
	b := &in.Body
	return tenant.NewTenant{
		Slug: b.Tenant, Name: cmp.Or(b.Name, b.Tenant), Preset: cmp.Or(b.Preset, "it-desk"),
		Locale: cmp.Or(b.Locale, "zh-CN"), TimeZone: cmp.Or(b.TimeZone, "Asia/Shanghai"),
	}
}

// setUp makes the first tenant with its administrator, whose sign-in has begun with the password that
// they chose.
func (s *Service) setUp(ctx context.Context, secret seal.Opaque, in *setUpInput) (*setUpOutput, error) {
	n := in.newTenant()
	if err := n.Check(); err != nil {
		return nil, err
	}
	hash, err := s.config.Identity.Hash(ctx, n.Slug, in.Body.Username, in.Body.Password)
	if err != nil {
		return nil, err
	}
	out := &setUpOutput{}
	err = s.config.DB.Across(ctx, store.TenantSetUp, func(span *store.Span) error {
		if err := take(ctx, span, secret); err != nil {
			return err
		}
		t, err := s.config.Tenants.Create(ctx, span, n)
		if err != nil {
			return err
		}
		out.Body.Tenant = identity.TenantJSON{ID: t.ID, Slug: t.Slug, Name: t.Name}
		return s.record(ctx, span, t.ID, func(tx *store.Tx) error {
			c, err := s.begin(ctx, tx, in.Body.Username, hash)
			out.Body.Challenge, out.Body.ExpiresAt = c.Text, c.ExpiresAt
			return err
		})
	})
	return out, err
}

// begin makes the administrator and begins their sign-in.
func (s *Service) begin(ctx context.Context, tx *store.Tx, username, hash string) (fault.Challenge, error) {
	user, err := s.firstAdministrator(ctx, tx, username)
	if err != nil {
		return fault.Challenge{}, err
	}
	if err := identity.SetPasswordHash(ctx, tx, user.ID, hash); err != nil {
		return fault.Challenge{}, err
	}
	return s.config.Sessions.Challenge(ctx, tx, user.ID)
}
