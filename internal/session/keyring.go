package session

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// The times of a signing key. It is published before it signs, so that whoever has fetched the public keys an hour
// ago knows it, and stays published until the last token that it signed has expired on every clock.
const (
	publishedAhead = 2 * time.Hour
	publishedAfter = AccessTokenLife + tokenLeeway
)

// keyring is the signing keys of the installation, in the order in which they begin to sign. The last one is the only
// one without an end. A keyring does not change.
type keyring struct{ keys []ringKey }

// ringKey is a signing key with its times.
type ringKey struct {
	id, sealed     string
	signsFrom      time.Time
	publishedUntil time.Time // zero: until further notice

	opened *SigningKey // nil where nobody signs and verifies, but looks at the times alone
}

// signer is the key that signs at an instant: the newest that has begun. Where the clock of this machine is behind
// and none has, it is the one that begins first.
func (r *keyring) signer(at time.Time) (ringKey, error) {
	keys := r.published(at)
	if len(keys) == 0 {
		return ringKey{}, fmt.Errorf("session: none of %d keys may sign now", len(r.keys))
	}
	for _, k := range slices.Backward(keys) {
		if !at.Before(k.signsFrom) {
			return k, nil
		}
	}
	return keys[0], nil
}

// published are the keys whose tokens are accepted at an instant.
func (r *keyring) published(at time.Time) []ringKey {
	return slices.DeleteFunc(slices.Clone(r.keys), func(k ringKey) bool { return !k.published(at) })
}

// find returns the key with the id, if its tokens are accepted.
func (r *keyring) find(id string, at time.Time) (ringKey, bool) {
	for _, k := range r.keys {
		if k.id == id {
			return k, k.published(at)
		}
	}
	return ringKey{}, false
}

// newest is the last key; the zero value in an empty ring.
func (r *keyring) newest() ringKey {
	if len(r.keys) == 0 {
		return ringKey{}
	}
	return r.keys[len(r.keys)-1]
}

// nextEnd is when the next key that is published leaves the ring; zero when none is going to.
func (r *keyring) nextEnd(at time.Time) (end time.Time) {
	for _, k := range r.published(at) {
		if until := k.publishedUntil; !until.IsZero() && (end.IsZero() || until.Before(end)) {
			end = until
		}
	}
	return end
}

func (k ringKey) published(at time.Time) bool {
	return k.publishedUntil.IsZero() || at.Before(k.publishedUntil)
}

// Refusals of a rotation.
var (
	// ErrRotating: the next key is published already and has yet to sign. Wait, or rotate at once.
	ErrRotating = errors.New("a signing key waits for its turn already; after a compromise, rotate with --now")
	// ErrRotated: somebody else has rotated meanwhile. Look at the keys before trying again.
	ErrRotated = errors.New("somebody else rotated the signing keys at the same moment")
)

// rotation is what is to be done with the keys.
type rotation struct {
	signsFrom time.Time // of the new key
	retires   ringKey   // the newest so far, with its end; the zero value when it is removed at once
	removes   []string  // ids
}

// rotate plans a rotation at an instant. An immediate one, after a compromise, leaves nothing of the ring: also a key
// that waits may have been seen by whoever saw the one that signs.
func (r *keyring) rotate(at time.Time, immediate bool) (rotation, error) {
	plan := rotation{signsFrom: at.Add(publishedAhead)}
	if immediate {
		plan.signsFrom = at
	} else if at.Before(r.newest().signsFrom) {
		return rotation{}, ErrRotating
	}
	for _, k := range r.keys {
		// On a node whose clock is behind it may be published still.
		if immediate || !k.published(at.Add(-tokenLeeway)) {
			plan.removes = append(plan.removes, k.id)
		}
	}
	if !immediate {
		plan.retires = r.newest()
		plan.retires.publishedUntil = plan.signsFrom.Add(publishedAfter)
	}
	return plan, nil
}
