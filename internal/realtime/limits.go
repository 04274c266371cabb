package realtime

import (
	"cmp"
	"time"
)

// Limits bound what connections may take. What is zero has a default.
type Limits struct {
	PerSession int // connections; 5
	PerUser    int // 20
	PerNode    int // 10,000

	Heartbeat time.Duration // between two pings; 20 s
	Patience  time.Duration // how long a peer may take to answer a ping or to take a message; 10 s
	Recheck   time.Duration // between two questions whether the session is alive; 1 s
	Farewell  time.Duration // how long a peer may take to answer a close; 2 s
	Told      time.Duration // between two records of how much was said on a connection; a minute
}

const (
	// maxMessage bounds what a peer may say at once, in bytes.
	maxMessage = 16 << 10
	// unconfirmed is how long a connection goes on when nobody can be asked about its session. Within
	// it the end of a session is obeyed everywhere, so that not knowing is treated as knowing.
	unconfirmed = 5 * time.Second
)

func (l Limits) withDefaults() Limits {
	return Limits{
		PerSession: cmp.Or(l.PerSession, 5),
		PerUser:    cmp.Or(l.PerUser, 20),
		PerNode:    cmp.Or(l.PerNode, 10_000),
		Heartbeat:  cmp.Or(l.Heartbeat, 20*time.Second),
		Patience:   cmp.Or(l.Patience, 10*time.Second),
		Recheck:    cmp.Or(l.Recheck, time.Second),
		Farewell:   cmp.Or(l.Farewell, 2*time.Second),
		Told:       cmp.Or(l.Told, time.Minute),
	}
}
