package identity

import (
	"context"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// TakeFactorTry counts a try of the user as a failure before anybody looks at the code, so that many
// guesses at once get no further than one after the other. [ForgiveFactorTries] forgets it. One counter is
// for every code that is asked of the user, at whichever door and in whichever browser, unless that is counted
// apart. A try that comes too early is refused with [fault.ErrSlowDown] and counts for nothing. burst
// reports whether a burst of failures begins with it, should it be one.
//
// The counter has a transaction of its own: whatever becomes of the try, it stays.
func (s *Service) TakeFactorTry(ctx context.Context, tenant, user string) (burst bool, err error) {
	err = s.config.DB.Write(ctx, tenant, func(tx *store.Tx) (err error) {
		burst, err = countFactorTry(ctx, tx, user)
		return err
	})
	return burst, err
}

func countFactorTry(ctx context.Context, tx *store.Tx, user string) (burst bool, err error) {
	failures, early, err := addFactorFailure(ctx, tx, user)
	if err != nil {
		return false, err
	}
	if early > 0 {
		return false, fault.ErrSlowDown.After(early)
	}
	return failures == SlowFrom, setFactorWait(ctx, tx, user, WaitAfter(failures))
}
