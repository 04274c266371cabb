package seal

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"regexp"
	"strings"
)

// OpaqueSize is how many random bytes an opaque secret holds: nobody guesses 256 bits, so that a plain
// hash of them may lie in a database.
const OpaqueSize = 32

// Opaque is a secret that a client carries and that means nothing to it: a link, a refresh token, a
// challenge. It names its tenant and its record, so that the row can be found inside the tenant. Only
// the hash of the secret is stored.
type Opaque struct {
	Tenant, ID string
	Secret     []byte
}

// NewOpaque makes a new secret for a record of a tenant.
func NewOpaque(tenant, id string) Opaque {
	secret := make([]byte, OpaqueSize)
	rand.Read(secret) // never fails, see crypto/rand
	return Opaque{tenant, id, secret}
}

// Text is <tenant id>.<id>.<secret in base64url>.
func (o Opaque) Text() string {
	return strings.Join([]string{o.Tenant, o.ID, base64.RawURLEncoding.EncodeToString(o.Secret)}, ".")
}

// Hash is what is stored of the secret.
func (o Opaque) Hash() []byte {
	sum := sha256.Sum256(o.Secret)
	return sum[:]
}

// Matches reports whether the hash is that of the secret. How long it takes tells nothing.
func (o Opaque) Matches(hash []byte) bool { return subtle.ConstantTimeCompare(o.Hash(), hash) == 1 }

var opaqueForm = regexp.MustCompile(`^([a-z0-9-]{1,64})\.([a-z0-9-]{1,64})\.([A-Za-z0-9_-]+)$`)

// ParseOpaque takes apart what a client sent, whose secret must have size bytes. Nothing in it has been
// verified. A secret is written in one way only.
func ParseOpaque(text string, size int) (Opaque, bool) {
	part := opaqueForm.FindStringSubmatch(text)
	if part == nil || len(part[3]) != base64.RawURLEncoding.EncodedLen(size) {
		return Opaque{}, false
	}
	secret, err := base64.RawURLEncoding.Strict().DecodeString(part[3])
	return Opaque{part[1], part[2], secret}, err == nil
}
