package session

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

const (
	slowFrom    = 5                // failures after which the next try must wait
	firstWait   = time.Second      // after the first of these; it doubles with each further one
	longestWait = 15 * time.Minute // and grows no further
	forgiven    = 24 * time.Hour   // after so long without a failure, earlier ones no longer count
)

// waitAfter is how long the next try has to wait after n failures in a row.
func waitAfter(n int64) time.Duration {
	if n < slowFrom {
		return 0
	}
	wait := firstWait
	for range n - slowFrom {
		if wait *= 2; wait >= longestWait {
			return longestWait
		}
	}
	return wait
}

// pair names a typed name and a network to the counters of failures. It is a keyed hash, as people
// type passwords for names. tenant is the id of a tenant, or the folded form of what was typed for one.
func (s *Service) pair(tenant, name, network string) string {
	text, err := json.Marshal([]string{tenant, store.Fold(name), network})
	if err != nil {
		panic(err) // strings always marshal
	}
	mac := hmac.New(sha256.New, s.pairKey)
	mac.Write(text)
	return hex.EncodeToString(mac.Sum(nil))
}

// take counts a try as a failure before anybody looks at the password, so that many tries at once get
// no further than one after the other. [forgive] forgets it after a success. A try that comes too
// early is refused with [fault.ErrSlowDown] and counts for nothing.
//
// The counter has a transaction of its own: whatever becomes of the try, it stays.
func (s *Service) take(ctx context.Context, tenant, pair string) error {
	var wait time.Duration
	err := s.config.DB.Write(ctx, tenant, func(tx *store.Tx) (err error) {
		wait, err = countTry(ctx, tx, pair)
		return err
	})
	if err == nil && wait > 0 {
		err = fault.ErrSlowDown.After(wait)
	}
	return err
}

// countTry returns how long the try should have waited, 0 for one that may go on.
func countTry(ctx context.Context, tx *store.Tx, pair string) (time.Duration, error) {
	failures, early, err := addFailure(ctx, tx, pair)
	if err != nil || early > 0 {
		return early, err
	}
	return 0, setWait(ctx, tx, pair, waitAfter(failures))
}

// giveBack takes back a try that nobody has judged.
func (s *Service) giveBack(ctx context.Context, tenant, pair string) error {
	return s.config.DB.Write(context.WithoutCancel(ctx), tenant, func(tx *store.Tx) error {
		return subtractFailure(ctx, tx, pair)
	})
}
