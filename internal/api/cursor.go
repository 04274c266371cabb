package api

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
)

// PageInput is the part of an input that asks for one page of a list.
type PageInput struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many items at most"`
	Cursor string `query:"cursor" maxLength:"8192" doc:"The next of the page before; absent for the first page"`
}

// Page is one page of a list.
type Page[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next" doc:"The cursor of the next page; null on the last one"`
}

// PageOutput is an answer that holds one page.
type PageOutput[T any] struct{ Body Page[T] }

// After reads the keys that the page begins after; nil for the first page. The cursor counts only
// for the caller, operation and filters that it was given out for.
func (p PageInput) After(ctx context.Context, filters ...string) ([]string, error) {
	if p.Cursor == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(p.Cursor)
	if err != nil || len(raw) < sha256.Size {
		return nil, errCursor
	}
	mac, body := raw[:sha256.Size], raw[sha256.Size:]
	if !hmac.Equal(mac, cursorMAC(ctx, body, filters)) {
		return nil, errCursor
	}
	var keys []string
	if err := json.Unmarshal(body, &keys); err != nil {
		return nil, errCursor
	}
	return keys, nil
}

// NewPage cuts rows, read with one more than the limit, into a page, and turns each into JSON. key
// gives the values that the next page begins after.
func NewPage[R, T any](ctx context.Context, p PageInput, rows []R, item func(R) T, key func(R) []string, filters ...string) *PageOutput[T] {
	out := &PageOutput[T]{Body: Page[T]{Items: []T{}}}
	if len(rows) > p.Limit {
		rows = rows[:p.Limit]
		next := newCursor(ctx, key(rows[len(rows)-1]), filters)
		out.Body.Next = &next
	}
	for _, row := range rows {
		out.Body.Items = append(out.Body.Items, item(row))
	}
	Counted(ctx, len(rows))
	return out
}

func newCursor(ctx context.Context, keys, filters []string) string {
	body, err := json.Marshal(keys)
	if err != nil {
		panic(err) // a list of strings always marshals
	}
	return base64.RawURLEncoding.EncodeToString(append(cursorMAC(ctx, body, filters), body...))
}

// cursorMAC binds a cursor to everything that decides what its list holds.
func cursorMAC(ctx context.Context, body []byte, filters []string) []byte {
	call := CallFrom(ctx)
	bound, err := json.Marshal([]any{call.Operation.ID, call.Caller.Tenant, call.Caller.User, filters, string(body)})
	if err != nil {
		panic(err) // strings always marshal
	}
	mac := hmac.New(sha256.New, call.api.config.CursorKey)
	mac.Write(bound)
	return mac.Sum(nil)
}
