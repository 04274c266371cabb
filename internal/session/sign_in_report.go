package session

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/calendar"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// signInReport adds up the sign-in log of some days. It counts attempts, of which a line may stand for many.
type signInReport struct {
	calendar.Period
	byHour bool          // of the day; otherwise by day
	scope  access.Filter // which lines the asker may count
	rows   []signInCount // one for each day of the period, or hour of the day
	sums   signInCount
}

// signInCount is what is counted of a day or hour.
type signInCount struct {
	succeeded, failed, challenged int64
	newDevices, bursts            int64
	reasons                       map[refusal]int64 // of those that failed
}

// signInTally is one line of what the database has added up.
type signInTally struct {
	key                int64 // number of the day, or hour of it
	outcome            string
	reason             refusal
	tries              int64
	newDevices, bursts int64 // lines
}

// read answers for the days asked for, either of which may be "".
func (r *signInReport) read(ctx context.Context, tx *store.Tx, from, to string) error {
	zone, err := tenant.Zone(ctx, tx)
	if err != nil {
		return err
	}
	if r.Period, err = calendar.PeriodOf(from, to, tx.Now, zone); err != nil {
		return err
	}
	tallies, err := r.tallies(ctx, tx)
	if err != nil {
		return err
	}
	return r.addUp(tallies)
}

// addUp gives each day or hour a row, also where nobody tried anything.
func (r *signInReport) addUp(tallies []signInTally) error {
	first, count := int64(r.First), r.Days()
	if r.byHour {
		first, count = 0, calendar.Hours
	}
	r.rows = make([]signInCount, count)
	for _, t := range tallies {
		place := t.key - first
		if place < 0 || place >= int64(count) {
			return fmt.Errorf("session: a report of %s to %s counts something at %d", r.First, r.Last, t.key)
		}
		r.rows[place].add(t)
		r.sums.add(t)
	}
	return nil
}

func (c *signInCount) add(t signInTally) {
	c.newDevices += t.newDevices
	c.bursts += t.bursts
	switch t.outcome {
	case signInSuccess:
		c.succeeded += t.tries
	case signInChallenged:
		c.challenged += t.tries
	case signInFailure:
		c.failed += t.tries
		if c.reasons == nil {
			c.reasons = map[refusal]int64{}
		}
		c.reasons[t.reason] += t.tries
	}
}

// worst are the reasons of failures, those of most of them first.
func (c *signInCount) worst() []refusal {
	return slices.SortedFunc(maps.Keys(c.reasons), func(x, y refusal) int {
		return cmp.Or(cmp.Compare(c.reasons[y], c.reasons[x]), cmp.Compare(x, y))
	})
}
