package session

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"slices"
	"time"

	"github.com/usher-desk/usher/internal/seal"
)

const (
	// RefreshLife is how long a session lasts without being renewed.
	RefreshLife = 7 * 24 * time.Hour
	// SessionLife is how long a session lasts at most, however often it is renewed.
	SessionLife = 30 * 24 * time.Hour
)

const (
	secretSize = seal.OpaqueSize // bytes; also of a salt and of the key of a family
	markSize   = 16              // bytes; nobody guesses a mark in the life of a session
)

// refreshToken is the secret that renews a session. It names the tenant and the session, so that the
// row can be found inside the tenant. The mark says that the secret has been a token of the session's
// family, for which no row has to remember it: whoever knows the id of a session and makes up a secret
// is not taken for somebody who used a token twice.
type refreshToken struct {
	tenant, session string
	secret, mark    []byte
}

// text is the form of every opaque secret; the mark stands behind the secret.
func (t refreshToken) text() string {
	return seal.Opaque{Tenant: t.tenant, ID: t.session, Secret: slices.Concat(t.secret, t.mark)}.Text()
}

// parseRefreshToken takes apart what a client sent; nothing in it has been verified.
func parseRefreshToken(text string) (refreshToken, bool) {
	o, ok := seal.ParseOpaque(text, secretSize+markSize)
	if !ok {
		return refreshToken{}, false
	}
	return refreshToken{o.Tenant, o.ID, o.Secret[:secretSize], o.Secret[secretSize:]}, true
}

// hash is what the session's row holds of the token.
func (t refreshToken) hash() []byte {
	sum := sha256.Sum256([]byte(t.text()))
	return sum[:]
}

// successor is the secret that a rotation with this salt puts in the token's place. Whoever has the
// token and the row can derive it again; the row alone does not tell it.
func (t refreshToken) successor(salt []byte) []byte { return keyed(t.secret, salt) }

func keyed(key, text []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(text)
	return mac.Sum(nil)
}

func random() []byte {
	b := make([]byte, secretSize)
	rand.Read(b) // never fails, see crypto/rand
	return b
}

// expiry is when a session renewed at an instant ends by itself.
func expiry(renewed, created time.Time) time.Time {
	idle, last := renewed.Add(RefreshLife), created.Add(SessionLife)
	if idle.Before(last) {
		return idle
	}
	return last
}
