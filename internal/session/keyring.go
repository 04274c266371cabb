package session

import (
	"context"
	"crypto/ecdsa"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// keyring is the signing keys of the installation, oldest first. It does not change.
type keyring struct{ keys []ringKey }

// ringKey is a signing key with its times.
type ringKey struct {
	*SigningKey
	signsFrom      time.Time
	publishedUntil time.Time // zero: until further notice
}

// signer is the key that signs at an instant: the newest that has begun.
func (r *keyring) signer(at time.Time) (*SigningKey, error) {
	for i := len(r.keys) - 1; i >= 0; i-- {
		if k := r.keys[i]; k.published(at) && !at.Before(k.signsFrom) {
			return k.SigningKey, nil
		}
	}
	return nil, fmt.Errorf("session: none of %d keys may sign now", len(r.keys))
}

// published are the keys whose tokens are accepted at an instant.
func (r *keyring) published(at time.Time) []*SigningKey {
	var keys []*SigningKey
	for _, k := range r.keys {
		if k.published(at) {
			keys = append(keys, k.SigningKey)
		}
	}
	return keys
}

func (k ringKey) published(at time.Time) bool {
	return k.publishedUntil.IsZero() || at.Before(k.publishedUntil)
}

// publicKey is the verifier's [Keys].
func (s *Service) publicKey(id string) (*ecdsa.PublicKey, bool) {
	for _, k := range s.keys.published(s.config.DB.Now()) {
		if k.ID() == id {
			return k.Public(), true
		}
	}
	return nil, false
}

// servePublicKeys answers with the keys that verify our tokens. A rotated key is published two hours
// before it signs, so a copy may be a few minutes old.
func (s *Service) servePublicKeys(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/jwk-set+json")
	w.Header().Set("Cache-Control", "public, max-age=300")
	_ = json.NewEncoder(w).Encode(PublicKeys(s.keys.published(s.config.DB.Now())...)) // a client that went away
}

// loadKeys opens what is stored. With nothing stored it makes the first key, which signs at once.
func (s *Service) loadKeys(ctx context.Context) (*keyring, error) {
	var ring keyring
	err := s.config.DB.Across(ctx, store.SigningKeys, func(span *store.Span) error {
		sealed, err := storedKeys(ctx, span)
		if err == nil && len(sealed) == 0 {
			sealed, err = s.firstKey(ctx, span)
		}
		if err != nil {
			return err
		}
		ring.keys = nil
		for _, k := range sealed {
			key, err := s.open(k)
			if err != nil {
				return err
			}
			ring.keys = append(ring.keys, key)
		}
		return nil
	})
	return &ring, err
}

func (s *Service) firstKey(ctx context.Context, span *store.Span) ([]sealedKey, error) {
	key, err := NewSigningKey()
	if err != nil {
		return nil, err
	}
	k, err := s.seal(key)
	if err != nil {
		return nil, err
	}
	k.signsFrom = span.Now
	return []sealedKey{k}, insertKey(ctx, span, k)
}

// keyPurpose binds a sealed key to its place: no other sealed text passes for a signing key, and
// none for another's.
const keyPurpose = "signing key"

func (s *Service) seal(key *SigningKey) (sealedKey, error) {
	der, err := key.Marshal()
	if err != nil {
		return sealedKey{}, err
	}
	text, err := s.config.Master.Seal(der, keyPurpose, key.ID())
	return sealedKey{id: key.ID(), text: text}, err
}

func (s *Service) open(k sealedKey) (ringKey, error) {
	der, err := s.config.Master.Open(k.text, keyPurpose, k.id)
	if err != nil {
		return ringKey{}, fmt.Errorf("the master key does not open signing key %s: %w", k.id, err)
	}
	key, err := ParseSigningKey(der)
	if err != nil {
		return ringKey{}, err
	}
	if key.ID() != k.id {
		return ringKey{}, fmt.Errorf("signing key %s is stored as %s", key.ID(), k.id)
	}
	return ringKey{SigningKey: key, signsFrom: k.signsFrom, publishedUntil: k.publishedUntil}, nil
}
