package trail

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
)

// SaltSize is the length of a commitment's salt in bytes.
const SaltSize = 32

// Commitment stands in a record for a value that must not: it is the unpadded base64url form of 32 bytes, which
// prove the value to whoever is shown it with its salt, and tell nothing once the salt is gone.
type Commitment string

// NewSalt returns a random salt. Each field of each record needs its own: without a secret of full length an
// address would be found by trying all of them.
func NewSalt() []byte {
	salt := make([]byte, SaltSize)
	rand.Read(salt) // never fails; the program ends when the system has no randomness
	return salt
}

// Commit returns the commitment to a value:
//
//	HMAC-SHA-256(salt, field || 0x00 || log || 0x00 || id || 0x00 || value)
//
// Log and id are those of the record and field is the place in it, such as "context.personal.address", so that no
// value can be moved to another record or field. The value may be any bytes. A zero byte in one of the others would let
// two places share one commitment and is an error, as is a salt of another length than [SaltSize].
func Commit(salt []byte, log, id, field, value string) (Commitment, error) {
	if len(salt) != SaltSize {
		return "", errors.New("trail: the salt of a commitment must have 32 bytes")
	}
	if strings.Contains(field+log+id, "\x00") {
		return "", errors.New("trail: a zero byte in the field, log or id of a commitment")
	}
	mac := hmac.New(sha256.New, salt)
	mac.Write([]byte(field + "\x00" + log + "\x00" + id + "\x00" + value))
	return Commitment(base64.RawURLEncoding.EncodeToString(mac.Sum(nil))), nil
}

// Matches reports whether c is the commitment that [Commit] makes of the same arguments.
func (c Commitment) Matches(salt []byte, log, id, field, value string) bool {
	want, err := Commit(salt, log, id, field, value)
	return err == nil && hmac.Equal([]byte(c), []byte(want))
}

// wellFormed keeps anything but a commitment out of its place; a value put there by mistake would stay forever.
func (c Commitment) wellFormed() bool {
	b, err := base64.RawURLEncoding.Strict().DecodeString(string(c))
	return err == nil && len(b) == sha256.Size && len(c) == base64.RawURLEncoding.EncodedLen(sha256.Size) // no line breaks
}
