package session

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

const (
	deviceLife   = 400 * 24 * time.Hour // for which a browser is known after a sign-in; no browser keeps a cookie longer
	devicesKept  = 20                   // of a user; the ones not seen for longest go
	devicesShown = 8                    // users that one browser can be known for; the ones not seen for longest go
)

// device is a browser in which a user has signed in. It proves nothing about who sits at it: whoever
// copies its cookie has a counter of failures of their own, and nothing else.
type device struct {
	id     string
	hash   []byte    // of the secret in its cookie
	seenAt time.Time // when the user last signed in with it
}

// browser is what a client shows of itself: a secret for each user who has signed in with it, the
// latest first. Each was made for one user and is worth nothing for another, so that nobody profits
// from a cookie that they have left in somebody else's browser.
type browser [][]byte

func hashOfDevice(secret []byte) []byte {
	hash := sha256.Sum256(secret)
	return hash[:]
}

// knownFor finds the device that the browser is to a user, and which of its secrets says so; an empty
// id when it is none. Nobody, "", has none.
func (b browser) knownFor(ctx context.Context, tx *store.Tx, user string) (device, []byte, error) {
	if len(b) == 0 {
		return device{}, nil, nil
	}
	devices, err := devicesOf(ctx, tx, user)
	if err != nil {
		return device{}, nil, err
	}
	for _, secret := range b {
		hash := hashOfDevice(secret)
		for _, d := range devices {
			if subtle.ConstantTimeCompare(d.hash, hash) == 1 {
				return d, secret, nil
			}
		}
	}
	return device{}, nil, nil
}

// knownBrowser is a browser after a user has signed in with it.
type knownBrowser struct {
	device   string    // its id
	shows    browser   // what its cookie holds from now on
	isNew    bool      // it was not known for the user
	lastSeen time.Time // when the user had signed in with it before; zero for a new one
}

// remember makes the browser known for the user, whose row is held, or known for longer.
func (b browser) remember(ctx context.Context, tx *store.Tx, user string) (knownBrowser, error) {
	d, secret, err := b.knownFor(ctx, tx, user)
	if err != nil {
		return knownBrowser{}, err
	}
	r := knownBrowser{device: d.id, isNew: d.id == "", lastSeen: d.seenAt}
	if r.isNew {
		secret = random()
		r.device = store.NewID(tx.Now)
		err = insertDevice(ctx, tx, user, device{id: r.device, hash: hashOfDevice(secret)})
	} else {
		err = seeDevice(ctx, tx, d.id)
	}
	if err != nil {
		return knownBrowser{}, err
	}
	r.shows = b.with(secret)
	return r, dropDevices(ctx, tx, user)
}

// with puts a secret in the first place.
func (b browser) with(secret []byte) browser {
	next := browser{secret}
	for _, other := range b {
		if subtle.ConstantTimeCompare(other, secret) == 0 && len(next) < devicesShown {
			next = append(next, other)
		}
	}
	return next
}
