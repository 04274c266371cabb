package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
)

func (s *Service) loadRoutes(a *api.API) {
	api.Register(a, reportOperation(loadName, "Report how many conversations there are at once"), s.handleLoad)
	api.RegisterDownload(a, exportOperation(loadName), s.handleLoadExport)
}

type loadInput struct {
	From string `query:"from" format:"date" maxLength:"10" doc:"The first day, in the tenant's time zone; absent for the seventh of seven" example:"2026-11-16"`
	To   string `query:"to" format:"date" maxLength:"10" doc:"The last day, at most 366 with the first; absent for today" example:"2026-11-22"`
	By   string `query:"by" enum:"hour,day" default:"hour" doc:"What the rows are about"`
}

type loadJSON struct {
	Waiting *float64 `json:"waiting" doc:"How many waited for their first agent, on average; null for what is yet to come, as is the next"`
	Taken   *float64 `json:"taken" doc:"How many somebody had taken that were not over, on hold and parked among them"`
}

func (l load) json() loadJSON {
	return loadJSON{Waiting: average(float64(l.waiting), l.passed), Taken: average(float64(l.taken), l.passed)}
}

func (loadJSON) titles() []string { return []string{"waiting", "taken"} }

func (j loadJSON) cells() []string { return []string{decimal(j.Waiting), decimal(j.Taken)} }

func (s *Service) handleLoad(ctx context.Context, in *loadInput) (*reportOutput[loadJSON], error) {
	r, err := makeReport(ctx, s, toReport, ReportInput(*in), loadName, lastAgent, countLoad)
	return shown(r, load.json, err)
}

func (s *Service) handleLoadExport(ctx context.Context, in *loadInput) (*api.Download, error) {
	r, err := makeReport(ctx, s, toExport, ReportInput(*in), loadName, lastAgent, countLoad)
	return sheet(r, loadName, load.json, err)
}
