package session

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"time"
)

const (
	// RefreshLife is how long a session lasts without being renewed.
	RefreshLife = 7 * 24 * time.Hour
	// SessionLife is how long a session lasts at most, however often it is renewed.
	SessionLife = 30 * 24 * time.Hour
)

// refreshSecretSize is the entropy of a refresh token in bytes.
const refreshSecretSize = 32

// refreshToken is the secret that renews a session. It names the tenant and the session, so that the
// row can be found inside the tenant.
type refreshToken struct{ tenant, session, text string }

func newRefreshToken(tenant, session string) refreshToken {
	secret := make([]byte, refreshSecretSize)
	rand.Read(secret) // never fails, see crypto/rand
	return refreshToken{tenant, session, tenant + "." + session + "." + base64.RawURLEncoding.EncodeToString(secret)}
}

// refreshForm is that of [newRefreshToken]; 43 characters hold 32 bytes.
var refreshForm = regexp.MustCompile(`^([a-z0-9-]{1,64})\.([a-z0-9-]{1,64})\.[A-Za-z0-9_-]{43}$`)

// parseRefreshToken takes apart what a client sent; nothing in it has been verified.
func parseRefreshToken(text string) (refreshToken, bool) {
	part := refreshForm.FindStringSubmatch(text)
	if part == nil {
		return refreshToken{}, false
	}
	return refreshToken{part[1], part[2], text}, true
}

// hash is what the session's row holds of the token.
func (t refreshToken) hash() []byte {
	sum := sha256.Sum256([]byte(t.text))
	return sum[:]
}

// expiry is when a session renewed at an instant ends by itself.
func expiry(renewed, created time.Time) time.Time {
	idle, last := renewed.Add(RefreshLife), created.Add(SessionLife)
	if idle.Before(last) {
		return idle
	}
	return last
}
