package desk

import (
	"context"
	"strconv"
	"time"

	"github.com/usher-desk/usher/internal/calendar"
	"github.com/usher-desk/usher/internal/store"
)

// The load is how many conversations there were at once. It is not about the cycles that began in the
// period: each cycle counts for as long as it lasted in it, whenever it began.
const loadName = "load"

// load adds up what passed, in microseconds: conversations that waited for their first agent, those that
// somebody had taken and that were not over, and the clocks.
type load struct{ waiting, taken, passed int64 }

// span is how long a cycle lasted, in microseconds, and when somebody took it.
type span struct{ queued, taken, over int64 }

func countLoad(ctx context.Context, tx *store.Tx, q *question) ([]reportRow[load], error) {
	hours := hoursOf(q.Period, q.now)
	waiting, taken := newTimeline(hours), newTimeline(hours)
	spans, err := readSpans(ctx, tx, q)
	for _, s := range spans {
		waiting.add(s.queued, s.taken)
		taken.add(s.taken, s.over)
	}
	return q.loads(hours, waiting.sums(), taken.sums()), err
}

// readSpans reads the cycles that lasted at any time of the period. What is not over lasts until now.
func readSpans(ctx context.Context, tx *store.Tx, q *question) ([]span, error) {
	w := tx.Where("y")
	w.And("y.queued_at < ?", q.End().UnixMicro())
	w.And("y.ended_at IS NULL OR y.ended_at > ?", q.Start().UnixMicro())
	w.Covered(q.scope, q.coverage())
	now := w.Param(1)
	return store.Collect(ctx, tx, func(r store.Row) (s span, err error) {
		err = r.Scan(&s.queued, &s.taken, &s.over)
		return s, err
	}, `
		SELECT
			y.queued_at,
			coalesce(y.assigned_at, y.ended_at, CAST(`+now+` AS BIGINT)),
			coalesce(y.ended_at, CAST(`+now+` AS BIGINT))
		FROM conversation_cycles y`+w.String(), w.Args(q.now.UnixMicro())...)
}

// loads adds up the hours by what the rows are about.
func (q *question) loads(hours []time.Time, waiting, taken []int64) []reportRow[load] {
	rows := []reportRow[load]{}
	place := map[string]int{}
	for i := range len(hours) - 1 {
		key := q.hourKey(hours[i])
		at, known := place[key]
		if !known {
			at = len(rows)
			place[key] = at
			rows = append(rows, reportRow[load]{key: key})
		}
		f := &rows[at].figures
		f.waiting += waiting[i]
		f.taken += taken[i]
		f.passed += hours[i+1].Sub(hours[i]).Microseconds()
	}
	return rows
}

// hourKey is what an hour is counted under.
func (q *question) hourKey(begin time.Time) string {
	switch q.by {
	case byDay:
		return strconv.FormatInt(int64(calendar.DayAt(begin, q.Zone)), 10)
	case byHour:
		return strconv.Itoa(begin.In(q.Zone).Hour())
	}
	return ""
}
