package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
)

// KeySize is the length of a master key in bytes.
const KeySize = 32

// Key is a master key. It never leaves the process and never stands in a backup; what it sealed is worthless without
// it. A Key may be used by several goroutines at once.
type Key struct {
	master []byte
	id     string
	aead   cipher.AEAD
}

// NewKey returns the key made of 32 random bytes.
func NewKey(master []byte) (*Key, error) {
	if len(master) != KeySize {
		return nil, fmt.Errorf("seal: a master key has %d bytes, not %d", KeySize, len(master))
	}
	k := &Key{master: append([]byte(nil), master...)}
	k.id = hex.EncodeToString(k.derive("id")[:8])
	block, err := aes.NewCipher(k.derive("seal"))
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	if k.aead, err = cipher.NewGCMWithRandomNonce(block); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return k, nil
}

// ID names the key in what it seals. It says nothing about the key's bytes.
func (k *Key) ID() string { return k.id }

// Derive returns 32 bytes that belong to this key and one purpose, such as the key of the MAC on page cursors
// (HKDF-SHA-256, RFC 5869). Bytes of different purposes tell nothing about one another or about the key.
func (k *Key) Derive(purpose string) []byte { return k.derive("for:" + purpose) }

func (k *Key) derive(info string) []byte {
	b, err := hkdf.Key(sha256.New, k.master, nil, "usher/master/"+info, KeySize)
	if err != nil {
		panic(err) // only for lengths beyond 255 hashes
	}
	return b
}

// Format keeps the key's bytes out of logs and errors, whatever the verb.
func (k Key) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "master key %s", k.id) }

// A check value is a known text, sealed.
const checkText, checkBinding = "usher", "check value"

// CheckValue returns a text to store beside what the key seals, so that a start with another key is noticed before
// anything is read or, worse, sealed with it.
func (k *Key) CheckValue() (string, error) { return k.Seal([]byte(checkText), checkBinding) }

// Verify reports, by its error, whether the stored check value was made with this key.
func (k *Key) Verify(check string) error {
	switch text, err := k.Open(check, checkBinding); {
	case errors.Is(err, ErrOtherKey):
		return fmt.Errorf("the master key %s does not open the stored check value: %w", k.id, err)
	case err != nil || string(text) != checkText:
		return fmt.Errorf("the stored check value is no check value: %w", ErrDamaged)
	}
	return nil
}
