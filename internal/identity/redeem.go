package identity

import (
	"context"
	"errors"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/seal"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// bearer is whom a link belongs to.
type bearer struct {
	slug string // of the tenant
	user User
}

// lookAtLink finds whom a link belongs to, so that the password can be judged and hashed outside any
// transaction that writes.
func (s *Service) lookAtLink(ctx context.Context, link seal.Opaque) (who bearer, err error) {
	err = s.config.DB.Read(ctx, link.Tenant, func(tx *store.Tx) error {
		who, err = findBearer(ctx, tx, link)
		return err
	})
	return who, err
}

// redeem gives the user the password, in exchange for the link. Everything is looked at again: what
// ended the link, the user or the tenant meanwhile counts.
func (s *Service) redeem(ctx context.Context, link seal.Opaque, hash string) error {
	return s.config.DB.Write(ctx, link.Tenant, func(tx *store.Tx) error {
		who, err := findBearer(ctx, tx, link)
		if err != nil {
			return err
		}
		if err := useLink(ctx, tx, link); err != nil {
			return badLink(err)
		}
		if err := SetPasswordHash(ctx, tx, who.user.ID, hash); err != nil {
			return err
		}
		if err := s.config.Sessions.EndSessions(ctx, tx, who.user.ID, "", "password_link"); err != nil {
			return err
		}
		api.Touched(ctx, "user", who.user.ID)
		return s.config.Audit.Append(ctx, tx)
	})
}

// findBearer refuses, without saying why, when the link is unknown or over, its user disabled or
// its tenant suspended.
func findBearer(ctx context.Context, tx *store.Tx, link seal.Opaque) (bearer, error) {
	t, err := tenant.Find(ctx, tx)
	if err != nil {
		return bearer{}, badLink(err)
	}
	if call := api.CallFrom(ctx); call != nil {
		call.Trail = t.ID
	}
	id, err := linkHolder(ctx, tx, link)
	if err != nil {
		return bearer{}, badLink(err)
	}
	u, err := Find(ctx, tx, id)
	if err != nil {
		return bearer{}, badLink(err)
	}
	if !u.Active || t.Status != tenant.Active {
		return bearer{}, ErrBadLink
	}
	return bearer{t.Slug, u}, nil
}

// badLink hides what was not found; a database that fails is no bad link.
func badLink(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return ErrBadLink
	}
	return err
}
