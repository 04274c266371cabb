package session

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/store"
)

// brakes are the counters that a try to give a password falls under. They lie in the tenant that was
// named: what happens in one tenant holds nobody up in another. Each is a keyed hash, as people type
// passwords for names.
type brakes struct {
	home    string // the tenant where they lie; the platform when no tenant has the slug
	pair    string // of the name and the network, or of the name and a browser that is known; see [identity.WaitAfter]
	name    string // over all networks
	network string // over all names
	apart   bool   // the browser is known: what others do to the name or in the network does not hold it up
}

// brakes are those of a name as typed, known or not. tenant is the id of a tenant, or the folded form
// of what was typed for one. device is the id of the browser, where it is known to be the user's.
//
// What is typed decides, and never whether somebody has the name: else the answers would tell.
func (s *Service) brakes(home, tenant, name, network, device string) brakes {
	name = store.Fold(name)
	b := brakes{
		home:    home,
		pair:    s.counter("pair", tenant, name, network),
		name:    s.counter("name", tenant, name),
		network: s.counter("network", tenant, network),
	}
	if device != "" {
		b.pair, b.apart = s.counter("device", tenant, name, device), true
	}
	return b
}

func (s *Service) counter(named ...string) string {
	text, err := json.Marshal(named)
	if err != nil {
		panic(err) // strings always marshal
	}
	mac := hmac.New(sha256.New, s.counterKey)
	mac.Write(text)
	return hex.EncodeToString(mac.Sum(nil))
}

// try is one that the brakes have let through.
type try struct {
	brakes
	row   tryRow
	burst bool // if it fails, a burst of failures has begun: a brake takes hold with it
}

// take counts a try as a failure before anybody looks at the password, so that many tries at once get
// no further than one after the other. [try.forgive] takes it back after a success. A try that comes
// too early is refused with [fault.ErrSlowDown] and counts for nothing.
//
// The counters have a transaction of their own: whatever becomes of the try, they stay.
func (s *Service) take(ctx context.Context, b brakes) (t try, err error) {
	err = s.config.DB.Write(ctx, b.home, func(tx *store.Tx) error {
		t, err = b.take(ctx, tx)
		return err
	})
	return t, err
}

// take holds the rows of the counters in one order, pair, name, network, so that no two tries wait for
// each other. An error undoes what was counted.
func (b brakes) take(ctx context.Context, tx *store.Tx) (try, error) {
	failures, wait, err := addFailure(ctx, tx, b.pair)
	if err != nil {
		return try{}, err
	}
	if wait > 0 {
		return try{}, fault.ErrSlowDown.After(wait)
	}
	if err := setWait(ctx, tx, b.pair, identity.WaitAfter(failures)); err != nil {
		return try{}, err
	}
	t := try{brakes: b, burst: failures == identity.SlowFrom}
	if b.apart {
		return t, nil
	}
	t.row = tryRow{id: store.NewID(tx.Now), time: tx.Now, name: b.name, network: b.network}
	begins, err := t.row.take(ctx, tx)
	t.burst = t.burst || begins
	return t, err
}

// giveBack takes back a try that nobody has judged.
func (s *Service) giveBack(ctx context.Context, t try) error {
	return s.config.DB.Write(context.WithoutCancel(ctx), t.home, func(tx *store.Tx) error {
		if err := subtractFailure(ctx, tx, t.pair); err != nil || t.apart {
			return err
		}
		if err := t.row.delete(ctx, tx); err != nil {
			return err
		}
		return t.row.release(ctx, tx)
	})
}

// forgive forgets the failures of the pair after a success, and that this try was counted as one. The
// failures of others under the name and in the network stay: whoever knows one password must not
// clear the way to try more.
func (t try) forgive(ctx context.Context, tx *store.Tx) error {
	if err := deleteFailures(ctx, tx, t.pair); err != nil || t.apart {
		return err
	}
	return t.row.delete(ctx, tx)
}
