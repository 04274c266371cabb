package desk_test

import (
	"fmt"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// Whatever has happened, the load is what somebody would count who looks at the clock and at every
// conversation once a second.
func TestTheLoadIsHowManyThereAreAtOnce(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newReported(t, s)
		rapid.Check(t, func(t *rapid.T) {
			d.moveTo(rapid.SampledFrom([]string{"Europe/Berlin", "Asia/Kathmandu"}).Draw(t, "zone"))
			d.first, _ = time.Parse(time.DateOnly, rapid.SampledFrom(switches).Draw(t, "first"))
			cycles := d.cycles(t)
			d.history.rewrite(d.t, cycles)
			reader := rapid.SampledFrom(d.readers).Draw(t, "reader")
			by := rapid.SampledFrom([]string{"hour", "day"}).Draw(t, "by")
			days := d.days()
			var got reportBody
			reader.Do("GET", fmt.Sprintf("/v1/reports/load?by=%s&from=%s&to=%s", by, days[0], days[2]), nil).Expect(200).Into(&got)
			want := d.loadByHand(t, cycles, reader.User.ID, by)
			if diff := gocmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
				t.Fatalf("%+v (-by hand +report):\n%s", cycles, diff)
			}
		})
	})
}

// spent is for how many seconds conversations waited and were taken, and how many passed.
type spent [3]float64

// spentBy is that by key.
type spentBy map[string]*spent

func (d *reported) loadByHand(t *rapid.T, cycles []cycle, reader, by string) reportBody {
	first, _ := time.ParseInLocation(time.DateOnly, d.days()[0], d.zone)
	end := first.AddDate(0, 0, 3)
	counted, all := spentBy{}, spentBy{}
	add := func(what int, from, until time.Time) {
		counted.add(d.zone, by, what, later(from, first), earlier(until, end))
		all.add(d.zone, "", what, later(from, first), earlier(until, end))
	}
	add(2, first, end)
	for _, c := range cycles {
		if !d.allows(t, reader, c, "load") {
			continue
		}
		over := end
		if c.over != 0 {
			over = c.queued.Add(c.over)
		}
		taken := over
		if c.assigned != 0 {
			taken = c.queued.Add(c.assigned)
		}
		add(0, c.queued, taken)
		add(1, taken, over)
	}
	body := reportBody{Sums: all[""].figures()}
	if by == "day" {
		for _, day := range d.days() {
			row := reportRow{Figures: counted[day].figures()}
			row.Key.Date = &day
			body.Rows = append(body.Rows, row)
		}
		return body
	}
	for hour := range 24 {
		row := reportRow{Figures: counted[fmt.Sprint(hour)].figures()}
		row.Key.Hour = &hour
		body.Rows = append(body.Rows, row)
	}
	return body
}

// add adds a time minute by minute, as no clock is changed within one.
func (l spentBy) add(zone *time.Location, by string, what int, from, until time.Time) {
	for from.Before(until) {
		next := earlier(from.Truncate(time.Minute).Add(time.Minute), until)
		key := map[string]string{"day": from.In(zone).Format(time.DateOnly), "hour": fmt.Sprint(from.In(zone).Hour())}[by]
		if l[key] == nil {
			l[key] = &spent{}
		}
		l[key][what] += next.Sub(from).Seconds()
		from = next
	}
}

func (sums *spent) figures() figures {
	return figures{"waiting": sums[0] / sums[2], "taken": sums[1] / sums[2]}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Of a day that is not over, the hours to come have no load.
func TestTheLoadOfWhatIsYetToComeIsUnknown(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		noon(s)
		o := newOffice(t, s)
		now := s.DB.Now().In(mustLoad(t, "Asia/Shanghai"))
		today := now.Format(time.DateOnly)
		var body reportBody
		o.root.Do("GET", "/v1/reports/load?from="+today+"&to="+today, nil).Expect(200).Into(&body)
		for hour, row := range body.Rows {
			begun := hour < now.Hour() || hour == now.Hour() && now.Minute()+now.Second()+now.Nanosecond() > 0
			if (row.Figures["waiting"] != nil) != begun {
				t.Errorf("at %s the load of hour %d is %v", now, hour, row.Figures)
			}
		}
		tomorrow := now.AddDate(0, 0, 1).Format(time.DateOnly)
		o.root.Do("GET", "/v1/reports/load?from="+tomorrow+"&to="+tomorrow, nil).Expect(200).Into(&body)
		if body.Sums["taken"] != nil || len(body.Rows) != 24 {
			t.Errorf("tomorrow: %v in %d rows", body.Sums, len(body.Rows))
		}
		o.root.Do("GET", "/v1/reports/load?by=agent", nil).Refused(422, "invalid_request")
	})
}
