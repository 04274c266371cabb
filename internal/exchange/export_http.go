package exchange

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

type exportInput struct {
	Format string `query:"format" enum:"csv,json" default:"csv"`
	After  string `query:"after" maxLength:"4096" doc:"Where the file before this one ended. A file has 20,000 rows at most; when more follow, the Link header of the answer has the address of the next one as rel=next (RFC 8288)"`
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
// one, so many at most. next is after which one the rest begins, empty when all of it was read.
type taker func(ctx context.Context, tx *store.Tx, by *caller.Caller, after string) (rows []record, next string, err error)

func (s *Service) handleExport(t table, rows taker) func(context.Context, *exportInput) (*api.Download, error) {
	return func(ctx context.Context, in *exportInput) (*api.Download, error) {
		by, after := caller.Must(ctx), in.After
		if in.Format == "csv" {
			after = api.Unharmed(after)
		}
		var found []record
		var next string
		err := s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) (err error) {
			found, next, err = rows(ctx, tx, by, after)
			return err
		})
		if err != nil {
			return nil, err
		}
		api.Counted(ctx, len(found))
		write := sheet
		if in.Format == "json" {
			write = jsonFile
		}
		file, err := write(t, found)
		if err == nil && next != "" {
			file.Next = followed(t, in.Format, next)
		}
		return file, err
	}
}

// followed is the address of the file that goes on after a row. In a sheet that row begins as a sheet writes it.
func followed(t table, format, after string) string {
	if format == "csv" {
		after = api.Harmless(after)
	}
	return "/v1/exports/" + t.name + "?" + url.Values{"format": {format}, "after": {after}}.Encode()
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
