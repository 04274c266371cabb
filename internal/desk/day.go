package desk

import (
	"time"
)

// day is a calendar day by number: 0 is 1970-01-01. When it begins depends on where: it lasts from one
// midnight of a time zone to the next, and 23 or 25 hours where the clocks are changed.
type day int64

const (
	dayHours   = 24 // that clocks can show
	daySeconds = dayHours * 60 * 60
)

// parseDay reads a date such as 2026-11-22.
func parseDay(text string) (day, error) {
	t, err := time.Parse(time.DateOnly, text)
	return day(t.Unix() / daySeconds), err
}

// dayAt is the day that the clocks of a zone show at an instant.
func dayAt(t time.Time, zone *time.Location) day {
	_, offset := t.In(zone).Zone()
	return day((t.Unix() + int64(offset)) / daySeconds)
}

func (d day) String() string {
	return time.Unix(int64(d)*daySeconds, 0).UTC().Format(time.DateOnly)
}

// start is the first instant of the day. Some zones change their clocks at midnight: where it is shown
// twice, the first counts, and where it is skipped, the day begins with the change.
func (d day) start(zone *time.Location) time.Time {
	midnight := time.Unix(int64(d)*daySeconds, 0)
	t := midnight.Add(-36 * time.Hour).In(zone) // earlier than the day begins anywhere
	for {
		_, offset := t.Zone()
		_, until := t.ZoneBounds() // of the offset; zero for always
		start := midnight.Add(-time.Duration(offset) * time.Second).In(zone)
		if start.Before(t) {
			start = t
		}
		if until.IsZero() || start.Before(until) {
			return start
		}
		t = until
	}
}
