package store_test

import (
	"regexp"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/store"
	"pgregory.net/rapid"
)

// RFC 9562, section 5.7: version 7 and the variant of the first two bits 10.
var uuid7 = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

func TestNewIDIsAUUIDOfItsTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Whole minutes, so that no id is made right before another's time.
		at := time.Unix(rapid.Int64Range(0, 1<<31).Draw(t, "minutes")*60, 0).UTC()
		id := store.NewID(at)
		if !uuid7.MatchString(id) {
			t.Fatalf("%s is no UUID of version 7", id)
		}
		if got := timeOf(id); got.Before(at) || got.Sub(at) > time.Second {
			t.Fatalf("%s carries %v, made at %v", id, got, at)
		}
	})
}

// timeOf reads the first 48 bits, the milliseconds.
func timeOf(id string) time.Time {
	stamp, _ := strconv.ParseInt(id[:8]+id[9:13], 16, 64)
	return time.UnixMilli(stamp).UTC()
}

// Whatever the clock does, what was accepted in a time has an id between its bounds.
func TestIDsOfATimeLieBetweenItsBounds(t *testing.T) {
	now := time.Date(2028, 11, 21, 9, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		now = now.Add(time.Minute)
		for _, step := range rapid.SliceOfN(rapid.Int64Range(-6_000_000, 1_000_000), 1, 100).Draw(t, "microseconds") {
			at := now.Add(time.Duration(step) * time.Microsecond)
			id := store.NewID(at)
			for _, wide := range []time.Duration{time.Microsecond, time.Millisecond, time.Hour} {
				if first, end := store.IDsOf(at, at.Add(wide)); id < first || id >= end {
					t.Fatalf("%s of %s is not from %s until %s", id, at, first, end)
				}
				if first, _ := store.IDsOf(at.Add(5*time.Second), at.Add(time.Hour)); id >= first {
					t.Fatalf("%s of %s is among those after %s", id, at, first)
				}
			}
		}
	})
}

// The clock of one process: it goes on, stands still, or is put back a little.
func TestNewIDsAreInTheOrderInWhichTheyWereMade(t *testing.T) {
	start := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		start = start.Add(time.Hour)
		at, last := start, ""
		for _, step := range rapid.SliceOfN(rapid.Int64Range(-1000, 1000), 1, 200).Draw(t, "microseconds") {
			at = at.Add(time.Duration(step) * time.Microsecond)
			id := store.NewID(at)
			if id <= last {
				t.Fatalf("%s follows %s", id, last)
			}
			last = id
		}
	})
}

func TestNewIDsOfAClockPutRightAreInOrderAgain(t *testing.T) {
	wrong := time.Date(2049, 1, 1, 0, 0, 0, 0, time.UTC)
	store.NewID(wrong)
	right := wrong.Add(-23 * 365 * 24 * time.Hour)
	last := ""
	for range 1000 {
		id := store.NewID(right)
		if id <= last {
			t.Fatalf("%s follows %s", id, last)
		}
		last = id
	}
	if got := timeOf(last); got.Sub(right) > time.Second {
		t.Errorf("%s is still of %v", last, got)
	}
}

func TestNewIDsMadeTogetherDiffer(t *testing.T) {
	const makers, each = 8, 2000
	at := time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)
	made := make([][]string, makers)
	var all sync.WaitGroup
	for i := range made {
		all.Go(func() {
			for range each {
				made[i] = append(made[i], store.NewID(at))
			}
		})
	}
	all.Wait()
	for i, ids := range made {
		if !slices.IsSorted(ids) {
			t.Errorf("maker %d saw ids out of order", i)
		}
	}
	ids := slices.Concat(made...)
	slices.Sort(ids)
	if n := len(slices.Compact(ids)); n != makers*each {
		t.Errorf("%d of %d differ", n, makers*each)
	}
}
