package calendar

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Days begin at midnight of the zone, and are an hour shorter or longer where the clocks are changed.
func TestDaysAreThoseOfTheZone(t *testing.T) {
	for _, c := range []struct {
		zone, day, start string
		hours            int
	}{
		{"Asia/Shanghai", "2026-03-29", "2026-03-28T16:00:00Z", 24},
		{"Europe/Berlin", "2026-03-28", "2026-03-27T23:00:00Z", 24},
		{"Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z", 23},
		{"Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00Z", 24},
		{"Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z", 25},
		{"Europe/Berlin", "2026-10-26", "2026-10-25T23:00:00Z", 24},
		{"UTC", "2026-01-01", "2026-01-01T00:00:00Z", 24},
		{"America/Santiago", "2026-09-06", "2026-09-06T04:00:00Z", 23}, // midnight is skipped
		{"America/Santiago", "2026-04-04", "2026-04-04T03:00:00Z", 25}, // its last hour comes twice
		{"America/Havana", "2026-11-01", "2026-11-01T04:00:00Z", 25},   // midnight comes twice
		{"Pacific/Kiritimati", "2026-01-01", "2025-12-31T10:00:00Z", 24},
	} {
		t.Run(c.zone+" "+c.day, func(t *testing.T) {
			zone := mustZone(t, c.zone)
			d, err := ParseDay(c.day)
			if err != nil {
				t.Fatal(err)
			}
			if got := d.Start(zone).UTC().Format(time.RFC3339); got != c.start {
				t.Errorf("it begins at %s, want %s", got, c.start)
			}
			if got := (d + 1).Start(zone).Sub(d.Start(zone)); got != time.Duration(c.hours)*time.Hour {
				t.Errorf("it lasts %s, want %d h", got, c.hours)
			}
			if d.String() != c.day {
				t.Errorf("it is written %s", d)
			}
		})
	}
}

// Every instant lies in the day that the clocks show then.
func TestEveryInstantLiesInItsDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom([]string{
			"UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "America/Santiago", "America/Havana", "Africa/Casablanca",
			"Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Kiritimati", "Pacific/Apia",
		}).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		at := time.Unix(rapid.Int64Range(1577836800, 1893456000).Draw(t, "at"), 0) // the twenties
		d := DayAt(at, zone)
		if d.Start(zone).After(at) || !(d + 1).Start(zone).After(at) {
			t.Fatalf("%s is not in %s, which begins at %s", at.In(zone), d, d.Start(zone))
		}
		if got := at.In(zone).Format(time.DateOnly); got != d.String() {
			t.Fatalf("%s lies in %s", at.In(zone), d)
		}
	})
}

func mustZone(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}
