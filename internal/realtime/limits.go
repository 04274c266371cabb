package realtime

import (
	"cmp"
	"time"
)

// Limits bound what connections may take. What is zero has a default.
type Limits struct {
	PerSession int // connections; 5
	PerUser    int // 20; as many may ask for events at once
	PerNode    int // 10,000
	Streams    int // that a connection follows; 64
	Messages   int // that a connection says at once; 200, and then one every Pace

	QueueFrames int // that wait to be sent on a connection; 256
	QueueBytes  int // of theirs; 256 KiB

	Heartbeat time.Duration // between two pings; 20 s
	Patience  time.Duration // how long a peer may take to answer a ping or to take a message; 10 s
	Recheck   time.Duration // between two questions whether the session is alive; 0.5 s
	Doubt     time.Duration // how long a connection goes on when nobody can be asked; 5 s
	Farewell  time.Duration // how long a peer may take to answer a close; 2 s
	Told      time.Duration // between two records of how much was said on a connection; a minute
	Look      time.Duration // between two looks for events that nobody has told of; a second
	Present   time.Duration // between two reports that somebody is still there; 15 s
	Typing    time.Duration // between two messages of a connection that its user is typing; a second
	Pace      time.Duration // between two messages of a connection that has said much; 50 ms
}

// maxMessage bounds what a peer may say at once, in bytes.
const maxMessage = 16 << 10

func (l Limits) withDefaults() Limits {
	return Limits{
		PerSession:  cmp.Or(l.PerSession, 5),
		PerUser:     cmp.Or(l.PerUser, 20),
		PerNode:     cmp.Or(l.PerNode, 10_000),
		Streams:     cmp.Or(l.Streams, 64),
		Messages:    cmp.Or(l.Messages, 200),
		QueueFrames: cmp.Or(l.QueueFrames, 256),
		QueueBytes:  cmp.Or(l.QueueBytes, 256<<10),
		Heartbeat:   cmp.Or(l.Heartbeat, 20*time.Second),
		Patience:    cmp.Or(l.Patience, 10*time.Second),
		Recheck:     cmp.Or(l.Recheck, time.Second/2),
		Doubt:       cmp.Or(l.Doubt, 5*time.Second),
		Farewell:    cmp.Or(l.Farewell, 2*time.Second),
		Told:        cmp.Or(l.Told, time.Minute),
		Look:        cmp.Or(l.Look, time.Second),
		Present:     cmp.Or(l.Present, 15*time.Second),
		Typing:      cmp.Or(l.Typing, time.Second),
		Pace:        cmp.Or(l.Pace, time.Second/20),
	}
}
