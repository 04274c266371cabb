package session

import (
	"context"
	"errors"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// attempt is one try to sign in, before anything about it is known to be true.
type attempt struct {
	tenant  *tenant.Tenant // nil when there is none of that name
	home    string         // where counter and log lie: the tenant, else the platform
	name    string         // as typed
	user    *identity.User // nil when nobody has that name
	method  string         // what is being tried
	brakes  brakes
	try     try // once the brakes have let it through
	browser browser
	from    origin
}

// attempt finds out which tenant and user are meant.
func (s *Service) attempt(ctx context.Context, slug, name string, b browser) (attempt, error) {
	a := attempt{home: tenant.Platform, name: name, method: methodPassword, from: originOf(ctx), browser: b}
	counted := "unknown " + store.Fold(slug)
	t, err := s.tenantOf(ctx, slug)
	switch {
	case errors.Is(err, store.ErrNotFound):
	case err != nil:
		return a, err
	default:
		a.tenant, a.home, counted = &t, t.ID, t.ID
		api.CallFrom(ctx).Trail = t.ID
	}
	known, err := a.look(ctx, s.config.DB)
	if err != nil {
		return a, err
	}
	a.brakes = s.brakes(a.home, counted, name, a.from.network, known.id)
	a.note(ctx)
	return a, nil
}

// look finds out which user is meant, and whether the browser is one of theirs.
func (a *attempt) look(ctx context.Context, db *store.DB) (known device, err error) {
	err = db.Read(ctx, a.home, func(tx *store.Tx) (err error) {
		if a.user, err = userOf(ctx, tx, a.name); err != nil {
			return err
		}
		if a.tenant == nil {
			a.user = nil // somebody of the platform who happens to have the name
		}
		id := ""
		if a.user != nil {
			id = a.user.ID
		}
		known, _, err = a.browser.knownFor(ctx, tx, id)
		return err
	})
	return known, err
}

// tenantOf finds the tenant that is meant by a slug, or the only one when none is.
func (s *Service) tenantOf(ctx context.Context, slug string) (tenant.Tenant, error) {
	if slug != "" {
		return s.config.Tenants.BySlug(ctx, store.Fold(slug))
	}
	t, err := s.config.Tenants.Only(ctx)
	if errors.Is(err, store.ErrNotFound) {
		err = fault.ErrInvalid.At("body.tenant", "is needed where there is not exactly one tenant")
	}
	return t, err
}

// userOf finds who is meant by a name; nil when nobody is.
func userOf(ctx context.Context, tx *store.Tx, name string) (*identity.User, error) {
	u, err := identity.FindByUsername(ctx, tx, name)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return &u, err
}

// note tells the record whom the attempt is about.
func (a attempt) note(ctx context.Context) {
	call := api.CallFrom(ctx)
	if a.user == nil {
		call.Typed = masked(a.name)
		return
	}
	call.Typed = a.name
	api.Touched(ctx, "user", a.user.ID)
}
