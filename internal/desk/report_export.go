package desk

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/usher-desk/usher/internal/api"
)

// exportRoutes registers each report as a file for spreadsheets.
func (s *Service) exportRoutes(a *api.API) {
	for _, m := range []measure{firstResponse, firstWait, resolution} {
		api.RegisterDownload(a, exportOperation(m.name), s.handleTimesExport(m))
	}
	api.RegisterDownload(a, exportOperation(ratings), func(ctx context.Context, in *ReportInput) (*api.Download, error) {
		r, err := makeReport(ctx, s, toExport, *in, ratings, lastAgent, countStars)
		return sheet(r, ratings, stars.json, err)
	})
	api.RegisterDownload(a, exportOperation(volume), func(ctx context.Context, in *ReportInput) (*api.Download, error) {
		r, err := makeReport(ctx, s, toExport, *in, volume, lastAgent, countFlow)
		return sheet(r, volume, flow.json, err)
	})
}

func exportOperation(name string) api.Operation {
	return api.Operation{
		ID: "report-" + name + "-export", Method: http.MethodGet, Path: "/v1/reports/" + name + "/export",
		Summary: "Export the report " + name + " as CSV", Access: api.Needs(toExport), Tenant: api.OfCaller,
		Event: "report.export", Limit: api.Report,
	}
}

func (s *Service) handleTimesExport(m measure) func(context.Context, *timesInput) (*api.Download, error) {
	return func(ctx context.Context, in *timesInput) (*api.Download, error) {
		r, err := makeReport(ctx, s, toExport, in.ReportInput, m.name, m.agent, m.count(in.target(m)))
		return sheet(r, m.name, times.json, err)
	}
}

// tabular are figures that a spreadsheet can show, a column each.
type tabular interface {
	titles() []string
	cells() []string
}

// sheet is the report as comma-separated values, the sums last.
func sheet[F any, J tabular](r report[F], name string, figures func(F) J, err error) (*api.Download, error) {
	if err != nil {
		return nil, err
	}
	sums := figures(r.sums)
	rows := [][]string{append([]string{string(r.by), "name"}, sums.titles()...)}
	for _, one := range r.rows {
		rows = append(rows, append([]string{api.Harmless(one.key), api.Harmless(r.names[one.key])}, figures(one.figures).cells()...))
	}
	rows = append(rows, append([]string{"sums", ""}, sums.cells()...))
	return api.NewSheet(fmt.Sprintf("%s_%s_%s_by_%s.csv", name, r.First, r.Last, r.by), rows)
}

func (timesJSON) titles() []string {
	return []string{"count", "average", "median", "p90", "within", "missed", "share"}
}

func (j timesJSON) cells() []string {
	return []string{whole(j.Count), decimal(j.Average), decimal(j.Median), decimal(j.P90), whole(j.Within), whole(j.Missed), decimal(j.Share)}
}

func (ratingsJSON) titles() []string {
	return []string{"resolved", "rated", "share", "average", "1", "2", "3", "4", "5"}
}

func (j ratingsJSON) cells() []string {
	cells := []string{whole(j.Resolved), whole(j.Rated), decimal(j.Share), decimal(j.Average)}
	for _, n := range j.Scores {
		cells = append(cells, whole(n))
	}
	return cells
}

func (volumeJSON) titles() []string {
	return []string{"opened", "reopened", "resolved", "abandoned", "open"}
}

func (j volumeJSON) cells() []string {
	return []string{whole(j.Opened), whole(j.Reopened), whole(j.Resolved), whole(j.Abandoned), whole(j.Open)}
}

func whole(n int64) string { return strconv.FormatInt(n, 10) }

// decimal is an empty cell for what is not known.
func decimal(x *float64) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'f', -1, 64)
}
