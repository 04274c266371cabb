package desk

import (
	"slices"
	"time"

	"github.com/usher-desk/usher/internal/calendar"
)

// hoursOf are the instants at which an hour of the zone's clocks begins in a period, as far as it is past,
// and last when that ends. An hour in which the clocks are changed is two.
func hoursOf(p calendar.Period, now time.Time) []time.Time {
	end := p.End()
	if now.Before(end) {
		end = now
	}
	var edges []time.Time
	for t := p.Start(); t.Before(end); t = nextHour(t) {
		edges = append(edges, t)
	}
	return append(edges, end)
}

// nextHour is when the clocks of the time's zone show the next full hour, or are changed.
func nextHour(t time.Time) time.Time {
	past := time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second + time.Duration(t.Nanosecond())
	next := t.Add(time.Hour - past)
	if _, change := t.ZoneBounds(); !change.IsZero() && change.Before(next) {
		return change
	}
	return next
}

// timeline adds up, between instants that follow one another, how long things lasted. What lasted for a year
// costs no more than what lasted for a minute.
type timeline struct {
	edges []int64 // in microseconds
	parts []int64 // time of what began or ended between an edge and the next
	open  []int64 // by how many more last all the time from an edge to the next than before it
}

func newTimeline(edges []time.Time) *timeline {
	l := &timeline{parts: make([]int64, len(edges)), open: make([]int64, len(edges)+1)}
	for _, t := range edges {
		l.edges = append(l.edges, t.UnixMicro())
	}
	return l
}

// add adds something that lasted from one instant until another, in microseconds.
func (l *timeline) add(from, until int64) {
	from, until = max(from, l.edges[0]), min(until, l.edges[len(l.edges)-1])
	if from >= until {
		return
	}
	first, last := l.place(from), l.place(until)
	if first == last {
		l.parts[first] += until - from
		return
	}
	l.parts[first] += l.edges[first+1] - from
	l.parts[last] += until - l.edges[last]
	l.open[first+1]++
	l.open[last]--
}

// place is the edge at or before an instant.
func (l *timeline) place(at int64) int {
	i, found := slices.BinarySearch(l.edges, at)
	if found {
		return i
	}
	return i - 1
}

// sums are the times between each edge and the next, in microseconds.
func (l *timeline) sums() []int64 {
	sums := make([]int64, len(l.edges)-1)
	var open int64
	for i := range sums {
		open += l.open[i]
		sums[i] = l.parts[i] + open*(l.edges[i+1]-l.edges[i])
	}
	return sums
}
