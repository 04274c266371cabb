package desk

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/usher-desk/usher/internal/api"
)

func (s *Service) reportRoutes(a *api.API) {
	api.Register(a, reportOperation(firstResponse.name, "Report how long first answers take"), s.handleTimes(firstResponse))
	api.Register(a, reportOperation(firstWait.name, "Report how long conversations wait for an agent"), s.handleTimes(firstWait))
	api.Register(a, reportOperation(resolution.name, "Report how long conversations take until they are resolved"), s.handleTimes(resolution))
	api.Register(a, reportOperation(ratings, "Report what requesters think of the help"), s.handleRatings)
	api.Register(a, reportOperation(volume, "Report how much there is to do"), s.handleVolume)
	s.loadRoutes(a)
	s.exportRoutes(a)
}

func reportOperation(name, summary string) api.Operation {
	return api.Operation{
		ID: "report-" + name, Method: http.MethodGet, Path: "/v1/reports/" + name, Summary: summary,
		Access: api.Needs(toReport), Tenant: api.OfCaller, Event: "report.read", Limit: api.Report,
	}
}

// ReportInput says which days a report is about, and what its rows are. It is exported because huma passes
// over embedded structs that are not.
type ReportInput struct {
	From string `query:"from" format:"date" maxLength:"10" doc:"The first day, in the tenant's time zone; absent for the seventh of seven" example:"2026-11-16"`
	To   string `query:"to" format:"date" maxLength:"10" doc:"The last day, at most 366 with the first; absent for today" example:"2026-11-22"`
	By   string `query:"by" enum:"day,hour,agent,department,skill" default:"day" doc:"What the rows are about"`
}

type timesInput struct {
	ReportInput
	Target int64 `query:"target" minimum:"1" maximum:"31536000" doc:"Seconds within which it should be done; absent for a minute, and for a day until the resolution"`
}

// reportJSON is a report as it is shown.
type reportJSON[F any] struct {
	From     string             `json:"from" format:"date"`
	To       string             `json:"to" format:"date"`
	TimeZone string             `json:"time_zone" example:"Asia/Shanghai"`
	By       string             `json:"by" enum:"day,hour,agent,department,skill"`
	At       time.Time          `json:"at" doc:"As it stood then: days that are over still change while their conversations go on"`
	Rows     []reportRowJSON[F] `json:"rows" doc:"A row for each day or hour of the day, or for each agent, department or skill that there is something about"`
	Sums     F                  `json:"sums" doc:"All of it together"`
}

type reportRowJSON[F any] struct {
	Key     reportKeyJSON `json:"key"`
	Figures F             `json:"figures"`
}

type reportKeyJSON struct {
	Date *string `json:"date" format:"date" doc:"Of a row by day"`
	Hour *int    `json:"hour" minimum:"0" maximum:"23" doc:"Of a row by hour: which one the tenant's clocks showed, on any of the days"`
	ID   *string `json:"id" doc:"Of any other row; null for what has no agent, department or skill"`
	Name *string `json:"name"`
}

type timesJSON struct {
	Count   int64    `json:"count" doc:"In how many it is done"`
	Average *float64 `json:"average" doc:"Of those, in seconds, as are the next two"`
	Median  *float64 `json:"median" doc:"Half of them took no longer"`
	P90     *float64 `json:"p90" doc:"Nine of ten took no longer"`
	Within  int64    `json:"within" doc:"How many of them within the target"`
	Missed  int64    `json:"missed" doc:"How many others have missed the target: it is not done, and the time is over"`
	Share   *float64 `json:"share" doc:"How many of those done and missed within the target; null when there are none" example:"0.85"`
}

func (t times) json() timesJSON {
	j := timesJSON{Count: t.count, Within: t.within, Missed: t.missed, Share: average(float64(t.within), t.count+t.missed)}
	if t.count > 0 {
		seconds := [...]float64{t.average.Seconds(), t.median.Seconds(), t.p90.Seconds()}
		j.Average, j.Median, j.P90 = &seconds[0], &seconds[1], &seconds[2]
	}
	return j
}

type ratingsJSON struct {
	Resolved int64    `json:"resolved" doc:"How many could be rated"`
	Rated    int64    `json:"rated"`
	Share    *float64 `json:"share" doc:"How many of the resolved were rated; null when there are none"`
	Average  *float64 `json:"average" doc:"Of 1 to 5; null without a rating"`
	Scores   [5]int64 `json:"scores" doc:"How many gave 1, 2, 3, 4 and 5"`
}

func (s stars) json() ratingsJSON {
	sum := int64(0)
	for i, n := range s.scores {
		sum += int64(i+1) * n
	}
	return ratingsJSON{
		Resolved: s.resolved, Rated: s.rated, Scores: s.scores,
		Share: average(float64(s.rated), s.resolved), Average: average(float64(sum), s.rated),
	}
}

type volumeJSON struct {
	Opened    int64 `json:"opened"`
	Reopened  int64 `json:"reopened"`
	Resolved  int64 `json:"resolved" doc:"How many of both are resolved"`
	Abandoned int64 `json:"abandoned" doc:"In how many the requester left the queue"`
	Open      int64 `json:"open" doc:"How many are neither"`
}

func (f flow) json() volumeJSON {
	return volumeJSON{
		Opened: f.opened, Reopened: f.reopened, Resolved: f.resolved, Abandoned: f.abandoned,
		Open: f.opened + f.reopened - f.resolved - f.abandoned,
	}
}

type reportOutput[F any] struct{ Body reportJSON[F] }

func (s *Service) handleTimes(m measure) func(context.Context, *timesInput) (*reportOutput[timesJSON], error) {
	return func(ctx context.Context, in *timesInput) (*reportOutput[timesJSON], error) {
		r, err := makeReport(ctx, s, toReport, in.ReportInput, m.name, m.agent, m.count(in.target(m)))
		return shown(r, times.json, err)
	}
}

func (s *Service) handleRatings(ctx context.Context, in *ReportInput) (*reportOutput[ratingsJSON], error) {
	r, err := makeReport(ctx, s, toReport, *in, ratings, lastAgent, countStars)
	return shown(r, stars.json, err)
}

func (s *Service) handleVolume(ctx context.Context, in *ReportInput) (*reportOutput[volumeJSON], error) {
	r, err := makeReport(ctx, s, toReport, *in, volume, lastAgent, countFlow)
	return shown(r, flow.json, err)
}

func (in *timesInput) target(m measure) time.Duration {
	if in.Target == 0 {
		return m.target
	}
	return time.Duration(in.Target) * time.Second
}

// shown is the report as answers show it, unless there is none.
func shown[F, J any](r report[F], figures func(F) J, err error) (*reportOutput[J], error) {
	if err != nil {
		return nil, err
	}
	j := reportJSON[J]{
		From: r.First.String(), To: r.Last.String(), TimeZone: r.Zone.String(), By: string(r.by), At: r.now,
		Rows: make([]reportRowJSON[J], len(r.rows)), Sums: figures(r.sums),
	}
	for i, one := range r.rows {
		j.Rows[i] = reportRowJSON[J]{Key: r.keyJSON(one.key), Figures: figures(one.figures)}
	}
	return &reportOutput[J]{Body: j}, nil
}

func (r *report[F]) keyJSON(key string) reportKeyJSON {
	switch {
	case key == "":
		return reportKeyJSON{}
	case r.by == byDay:
		return reportKeyJSON{Date: &key}
	case r.by == byHour:
		hour, _ := strconv.Atoi(key) // everyHour wrote it
		return reportKeyJSON{Hour: &hour}
	}
	name := r.names[key]
	return reportKeyJSON{ID: &key, Name: &name}
}
