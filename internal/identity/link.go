package identity

import (
	"context"
	"strings"
	"time"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/seal"
	"github.com/usher-desk/usher/internal/store"
)

// ErrBadLink does not say what is wrong with a link: who holds a used or expired one learns nothing
// about the user.
var ErrBadLink = fault.Define(fault.Invalid, "bad_link",
	"This link cannot be used.", "链接无效。",
	"A link ends when it is used or replaced by a newer one, when its user is given more access, and after 72 hours. Ask for a new one.")

// linkLife is how long a link can be redeemed.
const linkLife = 72 * time.Hour

// CreateLink makes the single-use link by which a user chooses a password, and voids older ones of
// theirs. It is to be shown once; only its hash is kept. The secret stands behind # so that no log of
// addresses ever sees it. [store.ErrNotFound] when there is no such user.
func (s *Service) CreateLink(ctx context.Context, tx *store.Tx, user string) (link string, expires time.Time, err error) {
	if _, err := Find(ctx, tx, user); err != nil {
		return "", time.Time{}, err
	}
	if err := voidLinks(ctx, tx, user); err != nil {
		return "", time.Time{}, err
	}
	expires = tx.Now.Add(linkLife)
	secret := seal.NewOpaque(tx.Tenant(), store.NewID(tx.Now))
	if err := insertLink(ctx, tx, secret, user, expires); err != nil {
		return "", time.Time{}, err
	}
	return s.config.URL + "/link#" + secret.Text(), expires, nil
}

// parseLink takes a whole link or what stands behind its #.
func parseLink(text string) (seal.Opaque, error) {
	if _, secret, found := strings.Cut(text, "#"); found {
		text = secret
	}
	link, ok := seal.ParseOpaque(strings.TrimSpace(text), seal.OpaqueSize)
	if !ok {
		return seal.Opaque{}, ErrBadLink
	}
	return link, nil
}
