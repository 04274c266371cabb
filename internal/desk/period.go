package desk

import (
	"time"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// maxDays bounds what one report is about: a year, also a leap year.
const maxDays = 366

// usualDays is how far a report goes back that is asked for without dates.
const usualDays = 7

// period is whole days of a time zone, from the first to the last.
type period struct {
	first, last day
	zone        *time.Location
}

// periodOf reads the dates of a request, either of which may be "". Without the last it ends today, and
// without the first it is as long as usual.
func periodOf(from, to string, now time.Time, zone *time.Location) (period, error) {
	p := period{zone: zone, last: dayAt(now, zone)}
	var err error
	if to != "" {
		if p.last, err = parseDay(to); err != nil {
			return p, fault.ErrInvalid.At("query.to", "expected a date such as 2026-11-22")
		}
	}
	p.first = p.last - usualDays + 1
	if from != "" {
		if p.first, err = parseDay(from); err != nil {
			return p, fault.ErrInvalid.At("query.from", "expected a date such as 2026-11-22")
		}
	}
	switch days := p.last - p.first + 1; {
	case days < 1:
		return p, fault.ErrInvalid.At("query.from", "must not be after the last day")
	case days > maxDays:
		return p, fault.ErrInvalid.At("query.from", "must not be more than %d days before the last", maxDays-1)
	}
	return p, nil
}

// narrow leaves the cycles that began in the period.
func (p period) narrow(w *store.Where) {
	w.And("y.queued_at >= ? AND y.queued_at < ?", p.first.start(p.zone).UnixMicro(), (p.last + 1).start(p.zone).UnixMicro())
}

// dayColumn is, in SQL, the number of the day on which a cycle of the period began.
func (p period) dayColumn(w *store.Where) (column string, args []any) {
	column, args = p.clockColumn(w)
	return "CAST((" + column + ") / 86400000000 AS TEXT)", args
}

// hourColumn is, in SQL, the hour, 0 to 23, that the clocks showed when a cycle of the period began.
func (p period) hourColumn(w *store.Where) (column string, args []any) {
	column, args = p.clockColumn(w)
	return "CAST((" + column + ") / 3600000000 % 24 AS TEXT)", args
}

// clockColumn is, in SQL, what the clocks showed when a cycle of the period began, in microseconds. Its
// arguments follow those of the conditions, of which there are none yet. The offset of the zone stands in it
// for each time that the clocks are changed, so that no row needs to leave the database for its day.
func (p period) clockColumn(w *store.Where) (column string, args []any) {
	t := p.first.start(p.zone)
	_, offset := t.Zone()
	column, args = "y.queued_at + CAST("+w.Param(1)+" AS BIGINT)", []any{int64(offset) * microsPerSecond}
	for {
		_, t = t.ZoneBounds()
		if t.IsZero() || !t.Before((p.last + 1).start(p.zone)) {
			return column, args
		}
		_, next := t.Zone()
		args = append(args, t.UnixMicro(), int64(next-offset)*microsPerSecond)
		column += " + CASE WHEN y.queued_at >= CAST(" + w.Param(len(args)-1) + " AS BIGINT) THEN CAST(" + w.Param(len(args)) + " AS BIGINT) ELSE 0 END"
		offset = next
	}
}

const microsPerSecond = 1_000_000
