package calendar

import (
	"github.com/usher-desk/usher/internal/store"
)

// Narrow leaves the rows of which a column of microseconds lies in the period.
func (p Period) Narrow(w *store.Where, column string) {
	w.And(column+" >= ? AND "+column+" < ?", p.Start().UnixMicro(), p.End().UnixMicro())
}

// DayColumn is, in SQL, the number of the [Day] on which a column of microseconds lies, for rows of the
// period. Its arguments follow those of the conditions.
func (p Period) DayColumn(w *store.Where, column string) (day string, args []any) {
	clock, args := p.clockColumn(w, column)
	return "(" + clock + ") / 86400000000", args
}

// HourColumn is, in SQL, the hour, 0 to 23, that the clocks showed at a column of microseconds, for rows of
// the period. Its arguments follow those of the conditions.
func (p Period) HourColumn(w *store.Where, column string) (hour string, args []any) {
	clock, args := p.clockColumn(w, column)
	return "(" + clock + ") / 3600000000 % 24", args
}

// clockColumn is, in SQL, what the clocks showed at a column of microseconds, in the same. Its arguments come
// right after those of the conditions, which must all be there by then. The offset of the zone stands in it for
// each time that the clocks are changed, so that no row needs to leave the database for its day.
func (p Period) clockColumn(w *store.Where, column string) (clock string, args []any) {
	t := p.Start()
	_, offset := t.Zone()
	clock, args = column+" + CAST("+w.Param(1)+" AS BIGINT)", []any{int64(offset) * microsPerSecond}
	for {
		_, t = t.ZoneBounds()
		if t.IsZero() || !t.Before(p.End()) {
			return clock, args
		}
		_, next := t.Zone()
		args = append(args, t.UnixMicro(), int64(next-offset)*microsPerSecond)
		clock += " + CASE WHEN " + column + " >= CAST(" + w.Param(len(args)-1) + " AS BIGINT) THEN CAST(" + w.Param(len(args)) + " AS BIGINT) ELSE 0 END"
		offset = next
	}
}

const microsPerSecond = 1_000_000
