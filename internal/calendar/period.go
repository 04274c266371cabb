package calendar

import (
	"time"

	"github.com/usher-desk/usher/internal/fault"
)

// maxDays bounds what one report is about: a year, also a leap year.
const maxDays = 366

// usualDays is how far a report goes back that is asked for without dates.
const usualDays = 7

// Period is whole days of a time zone, from the first to the last.
type Period struct {
	First, Last Day
	Zone        *time.Location
}

// PeriodOf reads the dates of a request, either of which may be "". Without the last it ends today, and
// without the first it is as long as usual. What is no period is refused as the request's parameters from
// and to.
func PeriodOf(from, to string, now time.Time, zone *time.Location) (Period, error) {
	p := Period{Zone: zone, Last: DayAt(now, zone)}
	var err error
	if to != "" {
		if p.Last, err = ParseDay(to); err != nil {
			return p, fault.ErrInvalid.At("query.to", "expected a date such as 2026-11-22")
		}
	}
	p.First = p.Last - usualDays + 1
	if from != "" {
		if p.First, err = ParseDay(from); err != nil {
			return p, fault.ErrInvalid.At("query.from", "expected a date such as 2026-11-22")
		}
	}
	switch days := p.Days(); {
	case days < 1:
		return p, fault.ErrInvalid.At("query.from", "must not be after the last day")
	case days > maxDays:
		return p, fault.ErrInvalid.At("query.from", "must not be more than %d days before the last", maxDays-1)
	}
	return p, nil
}

// Days is how many they are.
func (p Period) Days() int { return int(p.Last - p.First + 1) }

// Start is the first instant of the period.
func (p Period) Start() time.Time { return p.First.Start(p.Zone) }

// End is the first instant after it.
func (p Period) End() time.Time { return (p.Last + 1).Start(p.Zone) }
