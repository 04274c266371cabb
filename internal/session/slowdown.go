package session

import (
	"time"
)

// Failures of one name over all networks: whoever guesses from many addresses gets through no more
// than this. Somebody whose name it is signs in with a browser that they have used before.
const (
	nameSlowFrom = 100            // failures after which the next try must wait
	nameWindow   = 24 * time.Hour // within which they count
	namePace     = time.Minute    // from one try to the next
)

// Failures of one network over all names: whoever tries one password on many people. Only as many as
// no office makes, whose people all come from one address.
const (
	networkSlowBeyond = 100              // failures beyond which the next try must wait
	networkNames      = 20               // over at least so many names
	networkWindow     = 10 * time.Minute // within which they count
	networkPace       = time.Second      // from one try to the next
)

// paceOfName is how far apart tries under a name are after n failures within [nameWindow]; 0 for as
// near as may be.
func paceOfName(n int64) time.Duration {
	if n < nameSlowFrom {
		return 0
	}
	return namePace
}

// paceOfNetwork is how far apart tries from a network are after n failures within [networkWindow].
func paceOfNetwork(n, names int64) time.Duration {
	if n <= networkSlowBeyond || names < networkNames {
		return 0
	}
	return networkPace
}

// early is how long it is until the next try may come; 0 when it may come now. A clock that was put
// back, or another node's that is behind, makes nobody wait for longer than the pace.
func early(last, now time.Time, pace time.Duration) time.Duration {
	return min(pace, max(0, last.Add(pace).Sub(now)))
}
