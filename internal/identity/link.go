package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"strings"
	"time"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// errBadLink does not say what is wrong with a link: who holds a used or expired one learns nothing
// about the user.
var errBadLink = fault.Define(fault.Invalid, "bad_link",
	"This link cannot be used.", "链接无效。",
	"A link ends when it is used or replaced by a newer one, when its user is given more access, and after 72 hours. Ask for a new one.")

// linkLife is how long a link can be redeemed.
const linkLife = 72 * time.Hour

// secretSize is how many random bytes a link holds.
const secretSize = 32

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
	secret := make([]byte, secretSize)
	rand.Read(secret) // never fails, see crypto/rand
	id, expires := store.NewID(tx.Now), tx.Now.Add(linkLife)
	if err := insertLink(ctx, tx, id, user, hashOf(secret), expires); err != nil {
		return "", time.Time{}, err
	}
	token := strings.Join([]string{tx.Tenant(), id, base64.RawURLEncoding.EncodeToString(secret)}, ".")
	return s.config.URL + "/link#" + token, expires, nil
}

func hashOf(secret []byte) []byte {
	hash := sha256.Sum256(secret)
	return hash[:]
}

// linkToken is what a link holds.
type linkToken struct {
	tenant, id string
	hash       []byte // of the secret
}

// linkForm is tenant, id and secret as they stand behind #.
var linkForm = regexp.MustCompile(`^([0-9a-f-]{36}|platform)\.([0-9a-f-]{36})\.([A-Za-z0-9_-]{43})$`)

// parseLink takes a whole link or what stands behind its #.
func parseLink(text string) (linkToken, error) {
	if _, secret, found := strings.Cut(text, "#"); found {
		text = secret
	}
	parts := linkForm.FindStringSubmatch(strings.TrimSpace(text))
	if parts == nil {
		return linkToken{}, errBadLink
	}
	secret, err := base64.RawURLEncoding.Strict().DecodeString(parts[3])
	if err != nil {
		return linkToken{}, errBadLink
	}
	return linkToken{tenant: parts[1], id: parts[2], hash: hashOf(secret)}, nil
}
