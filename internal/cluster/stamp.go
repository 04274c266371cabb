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

// Aging tells whether the database will soon have to be asked, whatever Redis says: half of the time
// is over.
func (s Stamp) Aging(now time.Time) bool { return !within(now, s.read, remembered/2) }

// Renew is for what is not fresh, or not known. It returns the stamp to go on with, and whether what was
// read under the one before stands. Where it does not, the database is to be read, now that the marks
// have been.
func (c *Cluster) Renew(ctx context.Context, now time.Time, before Stamp, tenant string, marks ...Mark) (after Stamp, stands bool) {
	renewed := c.RenewAll(ctx, now, tenant, []Renewal{{before, marks}})
	return renewed[0].Stamp, renewed[0].Stands
}

// Renewal is a stamp to be renewed, with its marks.
type Renewal struct {
	Before Stamp
	Marks  []Mark
}

// Renewed is what [Cluster.Renew] returns.
type Renewed struct {
	Stamp  Stamp
	Stands bool
}

// RenewAll is Renew for many stamps of a tenant, whose marks are asked for all at once. What it returns
// is in the order of what is asked.
func (c *Cluster) RenewAll(ctx context.Context, now time.Time, tenant string, asked []Renewal) []Renewed {
	found, err := c.marks(ctx, tenant, asked)
	renewed := make([]Renewed, len(asked))
	for i, r := range asked {
		texts := make([]string, len(r.Marks))
		for n, m := range r.Marks {
			texts[n] = found[m]
		}
		renewed[i] = r.Before.renewed(now, strings.Join(texts, " "), err == nil)
	}
	return renewed
}

// renewed is what becomes of a stamp when its marks are found to be these, if they could be asked for.
func (s Stamp) renewed(now time.Time, marks string, marked bool) Renewed {
	changed := marked && (!s.marked || s.marks != marks)
	if changed || !within(now, s.read, remembered) {
		return Renewed{Stamp{read: now, vouched: now, marks: marks, marked: marked}, false}
	}
	s.vouched = now
	return Renewed{s, true}
}

// marks reads the marks of all that is asked, each once.
func (c *Cluster) marks(ctx context.Context, tenant string, asked []Renewal) (map[Mark]string, error) {
	found := map[Mark]string{}
	var marks []Mark
	var keys []string
	for _, r := range asked {
		for _, m := range r.Marks {
			if _, known := found[m]; !known {
				found[m] = ""
				marks, keys = append(marks, m), append(keys, m.key(tenant))
			}
		}
	}
	if len(keys) == 0 {
		return found, nil
	}
	texts, err := c.medium.fetch(ctx, keys...)
	for i, text := range texts {
		found[marks[i]] = text
	}
	return found, err
}

func within(now, since time.Time, limit time.Duration) bool {
	age := now.Sub(since)
	return age >= 0 && age < limit
}
