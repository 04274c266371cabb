package session

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// KeyUse is what a signing key is there for at a moment.
type KeyUse string

// The uses, in the order in which a key goes through them.
const (
	KeyWaits   KeyUse = "waits"   // published, and has yet to sign
	KeySigns   KeyUse = "signs"   // one key does
	KeyRetires KeyUse = "retires" // verifies what it has signed
	KeyExpired KeyUse = "expired" // of no use any more; the next rotation removes it
)

// KeyState is a signing key as it may be shown.
type KeyState struct {
	ID             string
	Use            KeyUse
	SignsFrom      time.Time
	PublishedUntil time.Time // zero: until further notice
}

// SigningKeys lists the keys that are stored, in the order in which they begin to sign.
func (s *Service) SigningKeys(ctx context.Context) ([]KeyState, error) {
	ring, err := s.storedRing(ctx)
	if err != nil {
		return nil, err
	}
	return ring.states(s.config.DB.Now()), nil
}

// storedRing is the keys with their times, sealed as they are.
func (s *Service) storedRing(ctx context.Context) (*keyring, error) {
	ring := &keyring{}
	err := s.config.DB.AcrossRead(ctx, store.SigningKeys, func(span *store.Span) (err error) {
		ring.keys, err = storedKeys(ctx, span)
		return err
	})
	return ring, err
}

func (r *keyring) states(at time.Time) []KeyState {
	signer, _ := r.signer(at) // none in an empty ring
	states := make([]KeyState, 0, len(r.keys))
	for _, k := range r.keys {
		state := KeyState{ID: k.id, Use: KeyRetires, SignsFrom: k.signsFrom, PublishedUntil: k.publishedUntil}
		switch {
		case !k.published(at):
			state.Use = KeyExpired
		case k.id == signer.id:
			state.Use = KeySigns
		case at.Before(k.signsFrom):
			state.Use = KeyWaits
		}
		states = append(states, state)
	}
	return states
}
