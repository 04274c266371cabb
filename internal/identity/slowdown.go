package identity

import (
	"time"
)

// Slow-down after failures in a row. Everything that somebody might guess has this one schedule: codes
// of second factors here, passwords in package session.
const (
	SlowFrom      = 5                // failures after which the next try must wait
	FirstWait     = time.Second      // after the first of these; it doubles with each further one
	longestWait   = 15 * time.Minute // and grows no further
	ForgivenAfter = 24 * time.Hour   // without a failure; earlier ones no longer count
)

// WaitAfter is how long the next try has to wait after n failures in a row.
func WaitAfter(n int64) time.Duration {
	if n < SlowFrom {
		return 0
	}
	wait := FirstWait
	for range n - SlowFrom {
		if wait *= 2; wait >= longestWait {
			return longestWait
		}
	}
	return wait
}
