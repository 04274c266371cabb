package exchange

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

type exportInput struct {
	Format string `query:"format" enum:"csv,json" default:"csv"`
	After  string `query:"after" maxLength:"4096" doc:"The first cell of the last row of the file before this one. A file has 20,000 rows at most; whether more follow shows when one asks"`
}

func (s *Service) exportRoutes(a *api.API) {
	for _, e := range []struct {
		table      table
		permission string
		rows       taker
	}{
		{users, "user:export", s.takeUsers},
		{departments, "department:read", takeDepartments},
		{roles, "role:read", takeRoles},
		{assignments, "user:export", s.takeAssignments},
	} {
		api.RegisterDownload(a, api.Operation{
			ID: e.table.noun + "-export", Method: http.MethodGet, Path: "/v1/exports/" + e.table.name,
			Summary: "Export " + e.table.name + " as CSV or JSON, as an import takes them", Access: api.Needs(e.permission),
			Tenant: api.OfCaller, Event: e.table.noun + ".export", Limit: api.Report,
		}, s.handleExport(e.table, e.rows))
	}
}

// record is one row of an export: texts, lists of texts, true or false, or nil, in the order of the columns.
type record []any

// taker reads the rows of a table that the caller may read, in the order of the first column and after this
// one, so many at most.
type taker func(ctx context.Context, tx *store.Tx, by *caller.Caller, after string) ([]record, error)

func (s *Service) handleExport(t table, rows taker) func(context.Context, *exportInput) (*api.Download, error) {
	return func(ctx context.Context, in *exportInput) (*api.Download, error) {
		by, after := caller.Must(ctx), in.After
		if in.Format == "csv" {
			after = api.Unharmed(after)
		}
		var found []record
		err := s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) (err error) {
			found, err = rows(ctx, tx, by, after)
			return err
		})
		if err != nil {
			return nil, err
		}
		api.Counted(ctx, len(found))
		if in.Format == "json" {
			return jsonFile(t, found)
		}
		return sheet(t, found)
	}
}

// sheet is a table for spreadsheets.
func sheet(t table, found []record) (*api.Download, error) {
	rows := [][]string{t.columns}
	for _, r := range found {
		var cells []string
		for _, value := range r {
			cells = append(cells, api.Harmless(sheetCell(value)))
		}
		rows = append(rows, cells)
	}
	return api.NewSheet(t.name+".csv", rows)
}

func sheetCell(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case []string:
		return listCell(v)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// jsonFile is a table as an array of objects.
func jsonFile(t table, found []record) (*api.Download, error) {
	objects := []map[string]any{}
	for _, r := range found {
		object := map[string]any{}
		for i, column := range t.columns {
			object[column] = r[i]
		}
		objects = append(objects, object)
	}
	text, err := json.Marshal(objects)
	if err != nil {
		return nil, err
	}
	return &api.Download{Name: t.name + ".json", Type: jsonType, Size: int64(len(text)), Body: io.NopCloser(bytes.NewReader(text))}, nil
}
