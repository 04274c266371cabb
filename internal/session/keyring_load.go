package session

import (
	"context"
	"crypto/ecdsa"
	"fmt"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// loadKeys opens what is stored. With nothing stored it makes the first key, which signs at once.
func (s *Service) loadKeys(ctx context.Context) error {
	err := s.config.DB.Across(ctx, store.SigningKeys, func(span *store.Span) error {
		stored, err := storedKeys(ctx, span)
		if err != nil || len(stored) > 0 {
			return err
		}
		return s.firstKey(ctx, span)
	})
	if err != nil {
		return err
	}
	return s.reloadKeys(ctx)
}

func (s *Service) firstKey(ctx context.Context, span *store.Span) error {
	if err := holdFirst(ctx, span); err != nil {
		return err
	}
	if made, err := storedKeys(ctx, span); err != nil || len(made) > 0 {
		return err
	}
	k, err := s.newRingKey()
	if err != nil {
		return err
	}
	k.signsFrom = span.Now
	return insertKey(ctx, span, k)
}

// reloadKeys replaces the ring by what is stored now. Of two at once the later one reads later.
func (s *Service) reloadKeys(ctx context.Context) error {
	s.watch.reading.Lock()
	defer s.watch.reading.Unlock()
	ring, err := s.storedRing(ctx)
	if err != nil {
		return err
	}
	known := s.keys.Load()
	for i, k := range ring.keys {
		if ring.keys[i].opened, err = s.open(k, known); err != nil {
			return err
		}
	}
	s.keys.Store(ring)
	return nil
}

// lookTime bounds a look at the stored keys, which a request may wait for.
const lookTime = time.Second

// publicKey is the verifier's [Keys]. A key that nobody knows here may be one that has just been made elsewhere. As
// anybody can send tokens of keys that nobody knows, that is looked up once a second at most.
func (s *Service) publicKey(id string) (*ecdsa.PublicKey, bool) {
	now := s.config.DB.Now()
	k, ok := s.keys.Load().find(id, now)
	if !ok && s.watch.mayLook(now) {
		ctx, cancel := context.WithTimeout(context.Background(), lookTime)
		defer cancel()
		s.refreshKeys(ctx)
		k, ok = s.keys.Load().find(id, now)
	}
	if !ok {
		return nil, false
	}
	return k.opened.Public(), true
}

// keyPurpose binds a sealed key to its place: no other sealed text passes for a signing key, and
// none for another's.
const keyPurpose = "signing key"

// newRingKey makes a key and seals it.
func (s *Service) newRingKey() (ringKey, error) {
	key, err := NewSigningKey()
	if err != nil {
		return ringKey{}, err
	}
	der, err := key.Marshal()
	if err != nil {
		return ringKey{}, err
	}
	sealed, err := s.config.Master.Seal(der, keyPurpose, key.ID())
	return ringKey{id: key.ID(), sealed: sealed}, err
}

// open opens a stored key, unless it is known as it is stored: who has verified a token with it goes on with it.
func (s *Service) open(k ringKey, known *keyring) (*SigningKey, error) {
	for _, have := range known.keys {
		if have.id == k.id && have.sealed == k.sealed {
			return have.opened, nil
		}
	}
	der, err := s.config.Master.Open(k.sealed, keyPurpose, k.id)
	if err != nil {
		return nil, fmt.Errorf("the master key does not open signing key %s: %w", k.id, err)
	}
	key, err := ParseSigningKey(der)
	if err != nil {
		return nil, err
	}
	if key.ID() != k.id {
		return nil, fmt.Errorf("signing key %s is stored as %s", key.ID(), k.id)
	}
	return key, nil
}
