package session

import (
	"context"
	"errors"

	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// admit is what every sign-in and every renewal demands of tenant and user.
func admit(t tenant.Tenant, u identity.User) error {
	switch {
	case t.Status != tenant.Active:
		return refusedSuspended
	case !u.Active:
		return refusedDisabled
	case u.PasswordHash == nil:
		return refusedPassword
	case t.LocalPassword != "enabled":
		return refusedMethod
	}
	return nil
}

// admitted reads tenant and user, and returns a [refusal] for whom [admit] refuses.
func admitted(ctx context.Context, tx *store.Tx, user string) (t tenant.Tenant, u identity.User, err error) {
	if t, err = tenant.Find(ctx, tx); err != nil {
		return t, u, err
	}
	u, err = identity.Find(ctx, tx, user)
	if errors.Is(err, store.ErrNotFound) {
		err = refusedDisabled
	}
	if err != nil {
		return t, u, err
	}
	return t, u, admit(t, u)
}
