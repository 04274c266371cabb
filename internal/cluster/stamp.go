package cluster

import (
	"context"
	"strings"
	"time"
)

// Stamp says when what a node remembers was read from the database, and what has spoken for it since.
// It is the one rule about how long something may be remembered that other nodes change:
//
//   - for 900 ms it is used as it is;
//   - older, its marks are asked for, and it goes on for as long again when they are the ones that were
//     there before the database was read, or when nobody answers;
//   - older than four seconds, the database is asked, whatever Redis says.
//
// With what the asking itself may take, a change is obeyed everywhere within a second, and within
// five when Redis has lost it. Marks are compared and not ordered: no two clocks meet, and one that is
// gone is a different one. The zero Stamp speaks for nothing.
type Stamp struct {
	read    time.Time // before the database was
	vouched time.Time // when it was, or when marks were last asked for
	marks   string    // before the database was read
	marked  bool      // marks are known: "" stands for none
}

const (
	trusted    = 900 * time.Millisecond // a second with [Deadline]
	remembered = 4 * time.Second
)

// MarkLife is how long a mark stays. It is longer than any access token is good for.
const MarkLife = 3 * time.Hour

// Mark stands for something that a node may remember: it is another one after every change of that.
type Mark struct {
	Topic Topic
	ID    string
}

func (m Mark) key(tenant string) string {
	return tenant + ":usher:mark:" + string(m.Topic) + ":" + m.ID
}

// Fresh tells whether what was read under the stamp may be used as it is. A clock that was set back
// makes it old, not young.
func (s Stamp) Fresh(now time.Time) bool {
	return within(now, s.vouched, trusted) && within(now, s.read, remembered)
}

// Renew is for what is not fresh, or not known. It returns the stamp to go on with, and whether what was
// read under the one before stands. Where it does not, the database is to be read, now that the marks
// have been.
func (c *Cluster) Renew(ctx context.Context, now time.Time, before Stamp, tenant string, marks ...Mark) (after Stamp, stands bool) {
	found, err := c.marks(ctx, tenant, marks)
	after = Stamp{read: now, vouched: now, marks: found, marked: err == nil}
	changed := err == nil && (!before.marked || before.marks != found)
	if changed || !within(now, before.read, remembered) {
		return after, false
	}
	before.vouched = now
	return before, true
}

// marks reads marks as one text.
func (c *Cluster) marks(ctx context.Context, tenant string, marks []Mark) (string, error) {
	keys := make([]string, len(marks))
	for i, m := range marks {
		keys[i] = m.key(tenant)
	}
	found, err := c.medium.fetch(ctx, keys...)
	return strings.Join(found, " "), err
}

func within(now, since time.Time, limit time.Duration) bool {
	age := now.Sub(since)
	return age >= 0 && age < limit
}
