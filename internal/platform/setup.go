package platform

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/seal"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// setUpLife is how long the link of the first start is good.
const setUpLife = 15 * time.Minute

// setUpFact is where the installation keeps what that link is compared with.
const setUpFact = "set_up_link"

// offer is what is kept of the link: nothing that would open anything.
type offer struct {
	Hash      []byte    `json:"hash"`
	ExpiresAt time.Time `json:"expires_at"`
}

// OfferSetUp makes the single-use link by which the first tenant is made, where there is neither a
// tenant nor anybody on the platform who could make one, and voids an earlier one. It is also in a
// file that nobody but the owner reads. Where something is there the link is "".
func (s *Service) OfferSetUp(ctx context.Context) (link string, until time.Time, err error) {
	if err := s.config.SetUpFile.remove(); err != nil {
		return "", time.Time{}, err
	}
	secret := seal.NewOpaque(tenant.Platform, store.NewID(s.config.DB.Now()))
	needed := false
	err = s.config.DB.Across(ctx, store.TenantSetUp, func(span *store.Span) (err error) {
		if needed, err = empty(ctx, span); err != nil || !needed {
			return err
		}
		until = span.Now.Add(setUpLife)
		return offer{secret.Hash(), until}.put(ctx, span)
	})
	if err != nil || !needed {
		return "", time.Time{}, err
	}
	link = s.config.URL + "/setup#" + secret.Text()
	return link, until, s.config.SetUpFile.write(link)
}

// empty tells whether there is neither a tenant nor anybody on the platform who could make one.
func empty(ctx context.Context, span *store.Span) (bool, error) {
	var tenants int64
	if err := span.QueryRow(ctx, `SELECT count(*) FROM tenants t WHERE t.slug <> $1`, []any{tenant.Platform}, &tenants); err != nil {
		return false, err
	}
	var people identity.Figures
	err := span.In(ctx, tenant.Platform, func(tx *store.Tx) (err error) {
		people, err = identity.Count(ctx, tx)
		return err
	})
	return tenants == 0 && people.All == 0, err
}

func (o offer) put(ctx context.Context, span *store.Span) error {
	text, err := json.Marshal(o)
	if err != nil {
		return err
	}
	_, err = span.Exec(ctx, `
		INSERT INTO server_facts (name, value)
		VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, setUpFact, string(text))
	return err
}

// check returns the offer that the secret belongs to, as it is stored. Where something is there already
// no link is good: it is answered as if there had never been one.
func check(ctx context.Context, span *store.Span, secret seal.Opaque) (stored string, err error) {
	needed, err := empty(ctx, span)
	if err == nil && needed {
		err = span.QueryRow(ctx, `SELECT f.value FROM server_facts f WHERE f.name = $1`, []any{setUpFact}, &stored)
	}
	if err == nil && !needed || errors.Is(err, store.ErrNotFound) {
		return "", identity.ErrBadLink
	}
	if err != nil {
		return "", err
	}
	var o offer
	if err := json.Unmarshal([]byte(stored), &o); err != nil {
		return "", err
	}
	if !secret.Matches(o.Hash) || !span.Now.Before(o.ExpiresAt) {
		return "", identity.ErrBadLink
	}
	return stored, nil
}

// take checks the secret and takes the offer away: of two who come at once, one sets up.
func take(ctx context.Context, span *store.Span, secret seal.Opaque) error {
	stored, err := check(ctx, span, secret)
	if err != nil {
		return err
	}
	n, err := span.Exec(ctx, `DELETE FROM server_facts WHERE name = $1 AND value = $2`, setUpFact, stored)
	if err == nil && n == 0 {
		err = identity.ErrBadLink
	}
	return err
}
