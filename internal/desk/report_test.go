package desk_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// A little story with known times, and what each report makes of it. docs/reports.md says why.
//
//	first   asked; 30 s later ann takes it, 20 s later answers, 10 s later passes it on to ben, who resolves it
//	        10 min later; rated 4, and then 5. An hour later it is reopened: 100 s later ben takes it, 20 s later
//	        answers, a minute later gives it back to the queue; 5 min later ann takes it, and resolves it 30 s
//	        later; rated 2
//	second  asked, and left after 10 minutes
//	third   asked, and left after 30 seconds
//	fourth  asked, and waits for 5 minutes by now
func tellStory(o *office) {
	wait := func(seconds int) { o.s.Clock.Advance(time.Duration(seconds) * time.Second) }
	first := o.asks(o.asZoe)
	wait(30)
	first.does(o.asAnn, "take", nil).Expect(200)
	wait(20)
	first.says(o.asAnn, "Which floor?")
	wait(10)
	first.does(o.asAnn, "transfer", object{"agent": o.ben.ID}).Expect(200)
	first.says(o.asBen, "Hello again.")
	wait(600)
	first.does(o.asBen, "resolve", nil).Expect(200)
	first.does(o.asZoe, "rating", object{"score": 4}).Expect(200)
	first.does(o.asZoe, "rating", object{"score": 5}).Expect(200)
	wait(3600)
	first.does(o.asZoe, "reopen", nil).Expect(200)
	wait(100)
	first.does(o.asBen, "take", nil).Expect(200)
	wait(20)
	first.says(o.asBen, "What now?")
	wait(60)
	first.does(o.asBen, "transfer", object{"skill": "software"}).Expect(200)
	wait(300)
	first.does(o.asAnn, "take", nil).Expect(200)
	wait(30)
	first.does(o.asAnn, "resolve", nil).Expect(200)
	first.does(o.asZoe, "rating", object{"score": 2}).Expect(200)
	second := o.asks(o.asZoe)
	wait(600)
	second.does(o.asZoe, "leave", nil).Expect(200)
	third := o.asks(o.asZoe)
	wait(30)
	third.does(o.asZoe, "leave", nil).Expect(200)
	o.asks(o.asZoe)
	wait(300)
}

// byHand has the desk give nothing to agents without the skill: in the story they take for themselves.
func (o *office) byHand() {
	write(o.t, o.s, o.ID, func(tx *store.Tx) error {
		_, err := tx.Exec(o.t.Context(), `
			UPDATE desk_settings SET preferred_seconds = 0, relax_seconds = 86400, overflow_seconds = 86400, open_seconds = 86400 WHERE tenant_id = $1`)
		return err
	})
}

// says has somebody say something to the requester.
func (c *conversation) says(by *servertest.Client, text string) {
	c.t.Helper()
	by.Do("POST", c.path("messages"), object{"kind": "text", "text": text}).Expect(201)
}

// The figures of a measure are: count, average, median, p90, within, missed, share; of ratings: resolved,
// rated, average, scores; of the volume: opened, reopened, resolved, abandoned, open.
func TestWhatReportsMakeOfAStory(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		noon(s)
		o := newOffice(t, s)
		o.byHand()
		tellStory(o)
		for _, c := range []struct {
			report, by string
			rows       []string
		}{
			{"first-response", "agent", []string{
				"ann: 1 50 50 50 1 0 1",
				"ben: 1 120 120 120 0 0 0",
				"-: 0 - - - 0 2 0",
				"sums: 2 85 50 120 1 2 0.25",
			}},
			{"waiting", "agent", []string{
				"ann: 1 30 30 30 1 0 1",
				"ben: 1 100 100 100 0 0 0",
				"-: 0 - - - 0 2 0",
				"sums: 2 65 30 100 1 2 0.25",
			}},
			{"resolution", "agent", []string{
				"ann: 1 510 510 510 1 0 1",
				"ben: 1 660 660 660 1 0 1",
				"-: 0 - - - 0 0 -",
				"sums: 2 585 510 660 2 0 1",
			}},
			{"resolution", "skill", []string{
				"网络: 1 660 660 660 1 0 1",
				"软件: 1 510 510 510 1 0 1",
				"sums: 2 585 510 660 2 0 1",
			}},
			{"ratings", "agent", []string{"ann: 1 1 2 [0 1 0 0 0]", "ben: 1 1 5 [0 0 0 0 1]", "-: 0 0 - [0 0 0 0 0]", "sums: 2 2 3.5 [0 1 0 0 1]"}},
			{"volume", "agent", []string{"ann: 0 1 1 0 0", "ben: 1 0 1 0 0", "-: 3 0 0 2 1", "sums: 4 1 2 2 1"}},
			{"volume", "department", []string{"Help: 4 1 2 2 1", "sums: 4 1 2 2 1"}},
		} {
			if diff := gocmp.Diff(c.rows, o.report(o.root, c.report, c.by)); diff != "" {
				t.Errorf("%s by %s (-want +got):\n%s", c.report, c.by, diff)
			}
		}
	})
}

var columns = map[string][]string{
	"ratings": {"resolved", "rated", "average", "scores"},
	"volume":  {"opened", "reopened", "resolved", "abandoned", "open"},
}

// report is what a report of today says, in short.
func (o *office) report(c *servertest.Client, name, by string) []string {
	o.t.Helper()
	var body struct {
		Rows []struct {
			Key     struct{ Name string }
			Figures map[string]any
		}
		Sums map[string]any
	}
	today := o.s.DB.Now().In(mustLoad(o.t, "Asia/Shanghai")).Format(time.DateOnly)
	c.Do("GET", fmt.Sprintf("/v1/reports/%s?by=%s&from=%s", name, by, today), nil).Expect(200).Into(&body)
	list := columns[name]
	if list == nil {
		list = []string{"count", "average", "median", "p90", "within", "missed", "share"}
	}
	var rows []string
	add := func(name string, figures map[string]any) {
		cells := []string{}
		for _, column := range list {
			if figures[column] == nil {
				figures[column] = "-"
			}
			cells = append(cells, fmt.Sprint(figures[column]))
		}
		rows = append(rows, name+": "+strings.Join(cells, " "))
	}
	for _, row := range body.Rows {
		add(cmp.Or(row.Key.Name, "-"), row.Figures)
	}
	add("sums", body.Sums)
	return rows
}

// Who may ask, for which days.
func TestReportsRefuse(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		for _, query := range []string{
			"from=2026-11-22&to=2026-11-21", "from=2025-11-21&to=2026-11-22", "from=yesterday", "to=2026-02-30", "from=2026-1-1",
			"from=9999-12-31", "by=month", "target=0", "target=-1", "target=31536001",
		} {
			if a := o.root.Do("GET", "/v1/reports/waiting?"+query, nil); a.Status != 422 || a.Code() != "invalid_request" {
				t.Errorf("%s: %d %s", query, a.Status, a.Body)
			}
		}
		for _, query := range []string{"from=2025-11-21&to=2026-11-21", "from=2024-01-01&to=2024-12-31", "to=0001-01-07", "to=9999-12-31"} {
			o.root.Do("GET", "/v1/reports/volume?"+query, nil).Expect(200)
		}
		for _, report := range []string{"first-response", "waiting", "resolution", "ratings", "volume"} {
			o.asZoe.Do("GET", "/v1/reports/"+report, nil).Refused(403, "no_permission")
			o.asLea.Do("GET", "/v1/reports/"+report, nil).Expect(200)
			o.asLea.Do("GET", "/v1/reports/"+report+"/export", nil).Refused(403, "no_permission")
		}
	})
}

// Without dates a report is about the seven days that end today, each in a row although nothing happened.
func TestReportsAreAboutAWeek(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		noon(s)
		o := newOffice(t, s)
		today := s.DB.Now().In(mustLoad(t, "Asia/Shanghai"))
		var body struct {
			From, To, By string
			TimeZone     string `json:"time_zone"`
			Rows         []struct{ Key struct{ Date string } }
		}
		o.root.Do("GET", "/v1/reports/volume", nil).Expect(200).Into(&body)
		if body.To != today.Format(time.DateOnly) || body.By != "day" || body.TimeZone != "Asia/Shanghai" || len(body.Rows) != 7 {
			t.Fatalf("%+v", body)
		}
		for i, row := range body.Rows {
			if want := today.AddDate(0, 0, i-6).Format(time.DateOnly); row.Key.Date != want {
				t.Errorf("day %d is %s, want %s", i, row.Key.Date, want)
			}
		}
	})
}
