package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
	"github.com/usher-desk/usher/trail"
)

// Recovery is what an administrator who cannot sign in any more is helped with.
type Recovery struct {
	URL         string // what the link begins with; "" for the remembered address
	Tenant      string // slug
	Username    string // "" for the only administrator
	ResetFactor bool   // take their second factor away, so that they enrol anew
}

// Recovered is the link, to be shown once.
type Recovered struct {
	Username, Link string
	Until          time.Time
}

// RecoverAdmin makes a single-use link for an administrator of a tenant, on the record and with a
// notice to the tenant's administrators. It works while somebody is serving the database.
func RecoverAdmin(ctx context.Context, p Place, r Recovery) (done Recovered, err error) {
	err = p.help(ctx, r.URL, r.Tenant, func(s *Server, tx *store.Tx) error {
		done, err = s.recoverAdmin(ctx, tx, r)
		return err
	})
	return done, err
}

func (s *Server) recoverAdmin(ctx context.Context, tx *store.Tx, r Recovery) (Recovered, error) {
	user, err := administrator(ctx, tx, r.Username)
	if err != nil {
		return Recovered{}, err
	}
	done := Recovered{Username: user.Username}
	if done.Link, done.Until, err = s.Identity.CreateLink(ctx, tx, user.ID); err != nil {
		return Recovered{}, err
	}
	if err := tenant.Give(ctx, tx, tenant.AdminLink, user.ID); err != nil {
		return Recovered{}, err
	}
	act := audit.Act{Op: trail.CLI, Event: "admin.recover", Targets: []trail.Ref{{Type: "user", ID: user.ID}}}
	if r.ResetFactor {
		act.Change.Names("second_factor")
		if err := s.resetFactor(ctx, tx, user.ID); err != nil {
			return Recovered{}, err
		}
	}
	return done, s.Audit.AppendAct(ctx, tx, act)
}

// resetFactor takes the second factor away with everything that was reached by it.
func (s *Server) resetFactor(ctx context.Context, tx *store.Tx, user string) error {
	if err := s.Identity.RemoveFactor(ctx, tx, user); err != nil {
		return err
	}
	if err := s.Sessions.EndSessions(ctx, tx, user, "", "second_factor_reset"); err != nil {
		return err
	}
	return tenant.Give(ctx, tx, tenant.FactorReset, user)
}

// administrator finds who is meant among those who may everything, as the policy stands.
func administrator(ctx context.Context, tx *store.Tx, username string) (identity.User, error) {
	p, err := policy.Load(ctx, tx)
	if err != nil {
		return identity.User{}, err
	}
	var all []identity.User
	for _, id := range p.Administrators() {
		u, err := identity.Find(ctx, tx, id)
		if err != nil {
			return identity.User{}, err
		}
		if store.Fold(u.Username) == store.Fold(username) {
			return u, nil
		}
		all = append(all, u)
	}
	if username == "" && len(all) == 1 {
		return all[0], nil
	}
	return identity.User{}, whichAdministrator(username, all)
}

func whichAdministrator(username string, all []identity.User) error {
	var names []string
	for _, u := range all {
		names = append(names, u.Username)
	}
	slices.Sort(names)
	switch {
	case len(all) == 0:
		return errors.New("the tenant has no administrator at all; for anybody else there is usher user link")
	case username == "":
		return fmt.Errorf("the tenant has several administrators; say with --user which: %s", strings.Join(names, ", "))
	}
	return fmt.Errorf("%q is none of the tenant's administrators, who are: %s", username, strings.Join(names, ", "))
}

// help runs f in a tenant, for who works on the machine. The address that is given counts for this
// once and leaves the remembered one as it is: somebody may be serving the database under it.
func (p Place) help(ctx context.Context, url, slug string, f func(*Server, *store.Tx) error) (err error) {
	installation, err := p.Open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, installation.Close()) }()
	known, _, err := installation.Address(ctx, "")
	if err != nil {
		return err
	}
	s, err := installation.tool(ctx, cmp.Or(strings.TrimSuffix(url, "/"), known))
	if err != nil {
		return err
	}
	t, err := s.Tenants.BySlug(ctx, slug)
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("there is no tenant %q", slug)
	}
	if err != nil {
		return err
	}
	return installation.DB.Write(ctx, t.ID, func(tx *store.Tx) error { return f(s, tx) })
}
