package session

import (
	"context"
	"net/http"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/calendar"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

func (s *Service) reportRoutes(a *api.API) {
	api.Register(a, api.Operation{
		ID: "report-sign-ins", Method: http.MethodGet, Path: "/v1/reports/sign-ins", Summary: "Report how many sign-ins succeeded, and why others failed",
		Access: api.Needs("audit_log:read"), Tenant: api.OfCaller, Event: "report.read", Limit: api.Report,
	}, s.handleSignInReport)
}

type signInReportInput struct {
	From string `query:"from" format:"date" maxLength:"10" doc:"The first day, in the tenant's time zone; absent for the seventh of seven" example:"2026-11-16"`
	To   string `query:"to" format:"date" maxLength:"10" doc:"The last day, at most 366 with the first; absent for today" example:"2026-11-22"`
	By   string `query:"by" enum:"day,hour" default:"day" doc:"What the rows are about"`
}

type signInReportOutput struct{ Body signInReportJSON }

type signInReportJSON struct {
	From     string          `json:"from" format:"date"`
	To       string          `json:"to" format:"date"`
	TimeZone string          `json:"time_zone" example:"Asia/Shanghai"`
	By       string          `json:"by" enum:"day,hour"`
	At       time.Time       `json:"at" doc:"As it stood then"`
	Rows     []signInRowJSON `json:"rows" doc:"A row for each day or hour of the day"`
	Sums     signInCountJSON `json:"sums" doc:"All of it together"`
}

type signInRowJSON struct {
	Key     signInKeyJSON   `json:"key"`
	Figures signInCountJSON `json:"figures"`
}

type signInKeyJSON struct {
	Date *string `json:"date" format:"date" doc:"Of a row by day"`
	Hour *int    `json:"hour" minimum:"0" maximum:"23" doc:"Of a row by hour: which one the tenant's clocks showed, on any of the days"`
}

type signInCountJSON struct {
	Succeeded  int64              `json:"succeeded" doc:"How many attempts led to a session"`
	Failed     int64              `json:"failed" doc:"How many did not, those of floods among them"`
	Challenged int64              `json:"challenged" doc:"How many had the right password and were asked for a second factor; what became of that counts besides"`
	NewDevices int64              `json:"new_devices" doc:"How many succeeded with a browser that was new for the user"`
	Bursts     int64              `json:"bursts" doc:"How often a burst of failures is marked in the log"`
	Reasons    []signInReasonJSON `json:"reasons" doc:"Why attempts failed, what most of them failed for first"`
}

type signInReasonJSON struct {
	Reason string `json:"reason" example:"wrong_password" doc:"As the sign-in log has it"`
	Failed int64  `json:"failed"`
}

func (s *Service) handleSignInReport(ctx context.Context, in *signInReportInput) (*signInReportOutput, error) {
	by := caller.Must(ctx)
	r := signInReport{byHour: in.By == "hour"}
	var err error
	if r.scope, err = by.Filter("audit_log:read"); err != nil {
		return nil, err
	}
	end, err := s.reports.Take(ctx, by.Tenant)
	if err != nil {
		return nil, err
	}
	defer end()
	out := &signInReportOutput{}
	err = s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) error {
		out.Body.At = tx.Now
		return r.read(ctx, tx, in.From, in.To)
	})
	if err != nil {
		return nil, err
	}
	api.Touched(ctx, "report", "sign-ins")
	api.Counted(ctx, len(r.rows))
	r.show(&out.Body)
	out.Body.By = in.By
	return out, nil
}

func (r *signInReport) show(j *signInReportJSON) {
	j.From, j.To, j.TimeZone, j.Sums = r.First.String(), r.Last.String(), r.Zone.String(), r.sums.json()
	for i, row := range r.rows {
		j.Rows = append(j.Rows, signInRowJSON{Key: r.keyJSON(i), Figures: row.json()})
	}
}

func (r *signInReport) keyJSON(place int) signInKeyJSON {
	if r.byHour {
		return signInKeyJSON{Hour: &place}
	}
	date := (r.First + calendar.Day(place)).String()
	return signInKeyJSON{Date: &date}
}

func (c signInCount) json() signInCountJSON {
	j := signInCountJSON{
		Succeeded: c.succeeded, Failed: c.failed, Challenged: c.challenged,
		NewDevices: c.newDevices, Bursts: c.bursts, Reasons: []signInReasonJSON{},
	}
	for _, reason := range c.worst() {
		j.Reasons = append(j.Reasons, signInReasonJSON{Reason: string(reason), Failed: c.reasons[reason]})
	}
	return j
}
