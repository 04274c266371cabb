// Package calendar is about days as people have them: those of the time zone in which a tenant works.
// It reads the days that a report is asked about, and says in SQL which day and hour the clocks showed.
package calendar

import (
	"time"
)

// Day is a calendar day by number: 0 is 1970-01-01. When it begins depends on where: it lasts from one
// midnight of a time zone to the next, and 23 or 25 hours where the clocks are changed.
type Day int64

// Hours is how many hours of a day clocks can show.
const Hours = 24

const daySeconds = Hours * 60 * 60

// ParseDay reads a date such as 2026-11-22.
func ParseDay(text string) (Day, error) {
	t, err := time.Parse(time.DateOnly, text)
	return Day(t.Unix() / daySeconds), err
}

// DayAt is the day that the clocks of a zone show at an instant.
func DayAt(t time.Time, zone *time.Location) Day {
	_, offset := t.In(zone).Zone()
	return Day((t.Unix() + int64(offset)) / daySeconds)
}

func (d Day) String() string {
	return time.Unix(int64(d)*daySeconds, 0).UTC().Format(time.DateOnly)
}

// Start is the first instant of the day. Some zones change their clocks at midnight: where it is shown
// twice, the first counts, and where it is skipped, the day begins with the change.
func (d Day) Start(zone *time.Location) time.Time {
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
