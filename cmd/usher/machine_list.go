package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/usher-desk/usher/internal/api"
)

// each calls f with every item of a list, page by page.
func (m *machine) each(ctx context.Context, path string, query url.Values, f func(item json.RawMessage) error) error {
	query.Set("limit", "200")
	for {
		answer, _, err := m.ask(ctx, question{method: http.MethodGet, path: path, query: query})
		if err != nil {
			return err
		}
		var page api.Page[json.RawMessage]
		if err := json.Unmarshal(answer, &page); err != nil {
			return err
		}
		for _, item := range page.Items {
			if err := f(item); err != nil {
				return err
			}
		}
		if page.Next == nil {
			return nil
		}
		query.Set("cursor", *page.Next)
	}
}

// list prints a line for each item of a list: as it came for programs, in columns for people.
func (m *machine) list(ctx context.Context, path string, query url.Values, heading []string, columns func(json.RawMessage) ([]string, error)) error {
	if m.json {
		return m.each(ctx, path, query, func(item json.RawMessage) error { return m.tell(item, nil) })
	}
	shown := newTable(m.to, heading...)
	err := m.each(ctx, path, query, func(item json.RawMessage) error {
		cells, err := columns(item)
		shown.row(cells...)
		return err
	})
	if err != nil {
		return err
	}
	return shown.Flush()
}
