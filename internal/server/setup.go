package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
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
	URL             string // the public address; "" for the one that is remembered
	Tenant          tenant.NewTenant
	Admin, Password string
}

// defaultAddress is what links begin with where no public address was ever given.
const defaultAddress = "http://127.0.0.1:8080"

// Initialise makes a tenant with its first administrator, and the database and master key before it
// where there are none. On PostgreSQL a further tenant is made while nodes serve. A mistake in what is asked for leaves nothing behind.
func Initialise(ctx context.Context, p Place, first FirstTenant) error {
	hash, err := first.check(ctx)
	if err != nil {
		return err
	}
	return p.setUp(ctx, first.URL, func(s *Server) error {
		return s.config.DB.Across(ctx, store.TenantSetUp, func(span *store.Span) error {
			t, err := s.Tenants.Create(ctx, span, first.Tenant)
			if err != nil {
				return err
			}
			return span.In(ctx, t.ID, func(tx *store.Tx) error {
				return s.firstAdministrator(ctx, tx, firstOne{t.ID, first.Admin, hash, "admin", "tenant.create"})
			})
		})
	})
}

// setUp runs f on the place, with database and master key made before where there are none. A
// demonstration is left as it is.
func (p Place) setUp(ctx context.Context, url string, f func(*Server) error) (err error) {
	installation, err := p.openForSetUp(ctx, url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, installation.Close()) }()
	address, _, err := installation.Address(ctx, url)
	if err != nil {
		return err
	}
	s, err := installation.tool(ctx, address)
	if err != nil {
		return err
	}
	if err := s.CheckReal(ctx); err != nil {
		return err
	}
	return f(s)
}

// openForSetUp opens what has been set up as it is, and everything else alone: an empty place, one that needs
// migrating, and one whose public address is to change.
func (p Place) openForSetUp(ctx context.Context, url string) (*Installation, error) {
	if p.Postgres == "" {
		return p.Alone(ctx, true)
	}
	installation, err := p.Open(ctx)
	switch {
	case errors.Is(err, ErrEmpty) || errors.Is(err, store.ErrOldSchema):
		return p.Alone(ctx, true)
	case err != nil:
		return nil, err
	}
	known, _, err := installation.Address(ctx, "")
	if err == nil && (url == "" || strings.TrimSuffix(url, "/") == known) {
		return installation, nil
	}
	if err := errors.Join(err, installation.Close()); err != nil {
		return nil, err
	}
	return p.Alone(ctx, true)
}

// check looks at everything that can be looked at without a database, and hashes the password.
func (f FirstTenant) check(ctx context.Context) (hash string, err error) {
	if err := f.Tenant.Check(); err != nil {
		return "", err
	}
	if _, err := publicAddress(cmp.Or(f.URL, defaultAddress)); err != nil {
		return "", err
	}
	return identity.New(identity.Config{}).Hash(ctx, f.Tenant.Slug, f.Admin, f.Password)
}

// tool is the program as commands use it: nothing is listening. They know nothing of what the server is told to keep free.
func (i *Installation) tool(ctx context.Context, address string) (*Server, error) {
	return New(ctx, Config{
		DB: i.DB, Master: i.Master, URL: cmp.Or(address, defaultAddress), Node: "cli", Free: i.Free(), KeepFree: DefaultKeepFree,
	})
}

// firstOne is the first administrator of a tenant, and what is said of how they came to be.
type firstOne struct {
	tenant, username, hash string
	role, event            string
}

// firstAdministrator is exempt from the guard rails: there is nobody yet who could hold anything.
func (s *Server) firstAdministrator(ctx context.Context, tx *store.Tx, first firstOne) error {
	user, err := s.Identity.Create(ctx, tx, identity.NewUser{Username: first.username, FirstAdmin: true})
	if err != nil {
		return err
	}
	if err := policy.SetAssignments(ctx, tx, user.ID, []policy.Assignment{{Role: first.role}}); err != nil {
		return err
	}
	if err := identity.SetPasswordHash(ctx, tx, user.ID, first.hash); err != nil {
		return err
	}
	var change trail.Change
	change.Values("roles", nil, []string{first.role})
	return s.Audit.AppendAct(ctx, tx, audit.Act{
		Op: trail.CLI, Event: first.event, Change: change,
		Targets: []trail.Ref{{Type: "tenant", ID: first.tenant}, {Type: "user", ID: user.ID}},
	})
}

// UserLink makes a single-use link with which the user chooses a password. It begins with url, or
// with the remembered address when that is empty.
func UserLink(ctx context.Context, p Place, url, slug, username string) (link string, until time.Time, err error) {
	err = p.help(ctx, url, slug, func(s *Server, tx *store.Tx) error {
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
		Op: trail.CLI, Event: "password_link.create", Targets: []trail.Ref{{Type: "user", ID: user.ID}},
	})
}
