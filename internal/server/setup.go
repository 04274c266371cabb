package server

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
	"github.com/usher-desk/usher/trail"
)

// FirstTenant is what a tenant and its first administrator are made from.
type FirstTenant struct {
	URL                                  string
	Slug, Name, Preset, Locale, TimeZone string
	Admin, Password                      string
	Version                              string // of the program
}

// Initialise makes a tenant with its first administrator, and the database and master key before it
// where there are none. Nobody may be serving the database meanwhile.
func Initialise(ctx context.Context, p Place, first FirstTenant) (err error) {
	installation, exclusive, err := p.OpenExclusively(ctx, true)
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, exclusive.Release(context.WithoutCancel(ctx)), installation.Close())
	}()
	s, err := New(ctx, Config{DB: installation.DB, Master: installation.Master, URL: first.URL, Version: first.Version, Node: "cli"})
	if err != nil {
		return err
	}
	hash, err := s.Identity.Hash(ctx, first.Slug, first.Admin, first.Password)
	if err != nil {
		return err
	}
	if first.Name == "" {
		first.Name = first.Slug
	}
	return installation.DB.Across(ctx, store.TenantSetUp, func(span *store.Span) error {
		t, err := s.Tenants.Create(ctx, span, tenant.NewTenant{
			Slug: first.Slug, Name: first.Name, Preset: first.Preset, Locale: first.Locale, TimeZone: first.TimeZone,
		})
		if err != nil {
			return err
		}
		return span.In(ctx, t.ID, func(tx *store.Tx) error {
			return s.firstAdministrator(ctx, tx, t, first.Admin, hash)
		})
	})
}

// firstAdministrator is exempt from the guard rails: there is nobody yet who could hold anything.
func (s *Server) firstAdministrator(ctx context.Context, tx *store.Tx, t tenant.Tenant, username, hash string) error {
	user, err := s.Identity.Create(ctx, tx, identity.NewUser{Username: username, FirstAdmin: true})
	if err != nil {
		return err
	}
	if err := policy.SetAssignments(ctx, tx, user.ID, []policy.Assignment{{Role: "admin"}}); err != nil {
		return err
	}
	if err := identity.SetPasswordHash(ctx, tx, user.ID, hash); err != nil {
		return err
	}
	return s.Audit.AppendAct(ctx, tx, audit.Act{
		Op: trail.CLI, Event: "tenant.create",
		Targets: []trail.Ref{{Type: "tenant", ID: t.ID}, {Type: "user", ID: user.ID}},
	})
}

// UserLink makes a single-use link with which the user chooses a password. It may be called while
// the database is being served.
func UserLink(ctx context.Context, p Place, url, slug, username string) (link string, until time.Time, err error) {
	installation, err := p.Open(ctx)
	if err != nil {
		return "", time.Time{}, err
	}
	defer func() { err = errors.Join(err, installation.Close()) }()
	s, err := New(ctx, Config{DB: installation.DB, Master: installation.Master, URL: url, Node: "cli"})
	if err != nil {
		return "", time.Time{}, err
	}
	t, err := s.Tenants.BySlug(ctx, slug)
	if errors.Is(err, store.ErrNotFound) {
		return "", time.Time{}, fmt.Errorf("there is no tenant %q", slug)
	}
	if err != nil {
		return "", time.Time{}, err
	}
	err = installation.DB.Write(ctx, t.ID, func(tx *store.Tx) error {
		link, until, err = s.userLink(ctx, tx, username)
		return err
	})
	return link, until, err
}

func (s *Server) userLink(ctx context.Context, tx *store.Tx, username string) (link string, until time.Time, err error) {
	user, err := identity.FindByUsername(ctx, tx, username)
	if errors.Is(err, store.ErrNotFound) {
		return "", time.Time{}, fmt.Errorf("the tenant has no user %q", username)
	}
	if err != nil {
		return "", time.Time{}, err
	}
	if link, until, err = s.Identity.CreateLink(ctx, tx, user.ID); err != nil {
		return "", time.Time{}, err
	}
	return link, until, s.Audit.AppendAct(ctx, tx, audit.Act{
		Op: trail.CLI, Event: "user.password_link", Targets: []trail.Ref{{Type: "user", ID: user.ID}},
	})
}
