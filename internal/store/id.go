package store

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"sync"
	"time"
)

// ids hands out the time part of identifiers, which must not repeat or go back within a process.
var ids struct {
	sync.Mutex
	last uint64
}

// ahead is how far an id may be ahead of its time, as a stamp counts: not quite 4.1 seconds.
const ahead = 1 << 24

// NewID makes a UUID of version 7 (RFC 9562, section 5.7) for something accepted at t. Within one
// process ids sort in the order in which they were made, also when the clock stands still or goes
// back a little: the 12 bits after the milliseconds count fractions of one (section 6.2, method 3)
// and then single ids. A step back of more than four seconds is taken as a clock put right.
func NewID(t time.Time) string {
	stamp := stampOf(t)
	ids.Lock()
	if stamp <= ids.last && ids.last-stamp < ahead {
		stamp = ids.last + 1
	}
	ids.last = stamp
	ids.Unlock()

	b := stamped(stamp)
	rand.Read(b[8:]) // never fails, see crypto/rand
	b[8] = b[8]&0x3f | 0x80
	return format(b)
}

// IDsOf bounds the ids that [NewID] makes for what is accepted from one instant until another: they are not
// less than first, and less than end. So they find such rows along a key. As an id may be ahead of its time,
// there are others between the bounds, and a statement that has to be exact asks for the time too.
func IDsOf(from, until time.Time) (first, end string) {
	return format(stamped(stampOf(from))), format(stamped(stampOf(until) + ahead + 1))
}

// stampOf counts milliseconds, and 4096 parts of each.
func stampOf(t time.Time) uint64 {
	micros := uint64(t.UnixMicro())
	return micros/1000<<12 | micros%1000*4096/1000
}

// stamped is the least id of a stamp.
func stamped(stamp uint64) (b [16]byte) {
	binary.BigEndian.PutUint64(b[:8], stamp>>12<<16|0x7000|stamp&0xfff)
	return b
}

func format(b [16]byte) string {
	var s [36]byte
	hex.Encode(s[0:8], b[0:4])
	hex.Encode(s[9:13], b[4:6])
	hex.Encode(s[14:18], b[6:8])
	hex.Encode(s[19:23], b[8:10])
	hex.Encode(s[24:36], b[10:16])
	s[8], s[13], s[18], s[23] = '-', '-', '-', '-'
	return string(s[:])
}
