// Package seal keeps secrets at rest: second-factor secrets, signing keys, credentials of outside services. It also
// gives the secrets that clients carry their one form, [Opaque].
//
// A secret is sealed with AES-256-GCM under a master [Key] and bound to the place it belongs to, so that a sealed
// text copied to another tenant, user or column does not open there.
package seal

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"strings"
)

var (
	// ErrOtherKey means that a text was sealed with another master key. Opening it needs that key.
	ErrOtherKey = errors.New("seal: sealed with another master key")
	// ErrDamaged means that a text is no sealed text, was altered, or stands in a place it is not bound to. Trying
	// again does not help.
	ErrDamaged = errors.New("seal: altered, or not bound to this place")
)

// version begins every sealed text and names how the rest is made.
const version = "v1"

// Seal returns plaintext as text of the form v1.<key id>.<base64url of nonce and ciphertext>. Each binding names a
// part of the place where the text will lie, such as purpose, tenant and user; Open needs the same ones in the same
// order. A secret bound to nothing could be moved anywhere and is refused.
//
// The nonce is random, so one key seals at most 2^32 texts (NIST SP 800-38D, section 8.3).
func (k *Key) Seal(plaintext []byte, binding ...string) (string, error) {
	if len(binding) == 0 {
		return "", errors.New("seal: a secret must be bound to a place")
	}
	sealed := k.aead.Seal(nil, nil, plaintext, additional(k.id, binding))
	return version + "." + k.id + "." + base64.RawURLEncoding.EncodeToString(sealed), nil
}

// Open returns the plaintext of what Seal made of it with the same key and binding. It fails with [ErrOtherKey] or
// [ErrDamaged].
func (k *Key) Open(sealed string, binding ...string) ([]byte, error) {
	id, ciphertext, err := split(sealed)
	if err != nil {
		return nil, err
	}
	if id != k.id {
		return nil, ErrOtherKey
	}
	plaintext, err := k.aead.Open(nil, nil, ciphertext, additional(id, binding))
	if err != nil {
		return nil, ErrDamaged
	}
	return plaintext, nil
}

// Reseal seals anew with the key to what from has sealed. It reports false when to opens the text already.
func Reseal(sealed string, from, to *Key, binding ...string) (anew string, changed bool, err error) {
	if _, err := to.Open(sealed, binding...); err == nil {
		return sealed, false, nil
	}
	plaintext, err := from.Open(sealed, binding...)
	if err != nil {
		return "", false, err
	}
	anew, err = to.Seal(plaintext, binding...)
	return anew, true, err
}

// split takes a sealed text apart. One ciphertext has one text: other spellings of the same base64 are refused.
func split(sealed string) (id string, ciphertext []byte, err error) {
	part := strings.Split(sealed, ".")
	if len(part) != 3 || part[0] != version {
		return "", nil, ErrDamaged
	}
	ciphertext, err = base64.RawURLEncoding.DecodeString(part[2])
	if err != nil || base64.RawURLEncoding.EncodeToString(ciphertext) != part[2] {
		return "", nil, ErrDamaged
	}
	return part[1], ciphertext, nil
}

// additional is the data that is authenticated with a secret. Each part has its length in front: without it, the
// bindings "a", "bc" and "ab", "c" would be the same.
func additional(id string, binding []string) []byte {
	var data []byte
	for _, part := range append([]string{version, id}, binding...) {
		data = binary.BigEndian.AppendUint64(data, uint64(len(part)))
		data = append(data, part...)
	}
	return data
}
