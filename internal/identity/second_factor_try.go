package identity

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// TakeFactorTry counts a try of the user as a failure before anybody looks at the code, so that many
// guesses at once get no further than one after the other. The right code forgets it. One counter is
// for every code that is asked of the user, at whichever door. A try that comes too early is refused
// with [fault.ErrSlowDown] and counts for nothing.
//
// The counter has a transaction of its own: whatever becomes of the try, it stays.
func (s *Service) TakeFactorTry(ctx context.Context, tenant, user string) error {
	var early time.Duration
	err := s.config.DB.Write(ctx, tenant, func(tx *store.Tx) (err error) {
		early, err = countFactorTry(ctx, tx, user)
		return err
	})
	if err == nil && early > 0 {
		err = fault.ErrSlowDown.After(early)
	}
	return err
}

// countFactorTry returns how long the try should have waited, 0 for one that may go on.
func countFactorTry(ctx context.Context, tx *store.Tx, user string) (time.Duration, error) {
	failures, early, err := addFactorFailure(ctx, tx, user)
	if err != nil || early > 0 {
		return early, err
	}
	return 0, setFactorWait(ctx, tx, user, WaitAfter(failures))
}
