package server

import (
	"cmp"
	"context"
	"errors"

	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// ErrPlatformTaken: the platform has people already; they help each other, and the machine helps them.
var ErrPlatformTaken = errors.New("the platform has an administrator already, who makes others; " +
	"for one who lost their password: usher user link --tenant platform NAME, and who lost more: usher recover-admin --tenant platform")

// platformRole is the built-in role of the platform's administrators; the first migration makes it.
const platformRole = "platform_admin"

// FirstPlatformAdmin is what the first platform administrator is made from.
type FirstPlatformAdmin struct {
	URL             string // the public address; "" for the one that is remembered
	Admin, Password string
}

// InitialisePlatform makes the first platform administrator, before or after any tenant exists, and
// the database and master key where there are none.
// [ErrPlatformTaken] when the platform has anybody.
func InitialisePlatform(ctx context.Context, p Place, first FirstPlatformAdmin) error {
	hash, err := first.check(ctx)
	if err != nil {
		return err
	}
	return p.setUp(ctx, first.URL, func(s *Server) error {
		return s.config.DB.Write(ctx, tenant.Platform, func(tx *store.Tx) error {
			if _, err := tenant.Lock(ctx, tx); err != nil {
				return err
			}
			if figures, err := identity.Count(ctx, tx); err != nil || figures.All > 0 {
				return cmp.Or(err, ErrPlatformTaken)
			}
			return s.firstAdministrator(ctx, tx, firstOne{tenant.Platform, first.Admin, hash, platformRole, "platform.init"})
		})
	})
}

func (f FirstPlatformAdmin) check(ctx context.Context) (hash string, err error) {
	if _, err := publicAddress(cmp.Or(f.URL, defaultAddress)); err != nil {
		return "", err
	}
	return identity.New(identity.Config{}).Hash(ctx, tenant.Platform, f.Admin, f.Password)
}
