package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/fault"
)

// machineFlags are those of commands that ask for operations. They reach the server that serves the data folder or,
// where none does, do the same in this process.
type machineFlags struct {
	placeFlags `embed:""`
	JSON       bool `name:"json" env:"-" help:"Print JSON, for programs: one object on each line."`
}

// howReached ends the help of these commands.
const howReached = `It asks the server that serves the folder, over usher.sock in it; where none does, it opens the database itself, on SQLite under the lock by which one process works at a time. On PostgreSQL nodes without a socket in this folder obey within five seconds. What is done is on the record as the command line's.`

// machine asks for operations in one tenant.
type machine struct {
	client *http.Client
	tenant string
	json   bool
	to     io.Writer
}

// on runs f with the way to a tenant.
func (f machineFlags) on(ctx context.Context, std streams, tenant string, work func(*machine) error) (err error) {
	way, err := f.place().Reach(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, way.Close()) }()
	return work(&machine{&http.Client{Transport: way}, tenant, f.JSON, std.out})
}

// question is one call of an operation.
type question struct {
	method, path string
	query        url.Values
	body         any    // nil for none
	match        string // the version that is meant; "" for none
}

// at writes the path of an operation, with what stands in it escaped.
func at(format string, parts ...string) string {
	escaped := make([]any, len(parts))
	for i, part := range parts {
		escaped[i] = url.PathEscape(part)
	}
	return fmt.Sprintf(format, escaped...)
}

// ask returns the answer, and its version where it has one.
func (m *machine) ask(ctx context.Context, q question) (answer json.RawMessage, etag string, err error) {
	request, err := m.request(ctx, q)
	if err != nil {
		return nil, "", err
	}
	response, err := m.client.Do(request)
	if err != nil {
		return nil, "", err
	}
	defer response.Body.Close()
	answer, err = io.ReadAll(response.Body)
	if err == nil && response.StatusCode >= http.StatusBadRequest {
		err = refused(response.StatusCode, answer)
	}
	return bytes.TrimSpace(answer), response.Header.Get("ETag"), err
}

func (m *machine) request(ctx context.Context, q question) (*http.Request, error) {
	var body io.Reader
	if q.body != nil {
		text, err := json.Marshal(q.body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, q.method, "http://usher"+q.path, body)
	if err != nil {
		return nil, err
	}
	request.URL.RawQuery = q.query.Encode()
	request.Header.Set(api.TenantHeader, m.tenant)
	if q.body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if q.match != "" {
		request.Header.Set("If-Match", q.match)
	}
	return request, nil
}

// refused is what the answer refuses with, for complain to word. Places are named as members of the request.
func refused(status int, answer []byte) error {
	var p api.Problem
	if err := json.Unmarshal(answer, &p); err != nil {
		return fmt.Errorf("the answer was %d and is no problem document: %w", status, err)
	}
	for _, code := range fault.All() {
		if code.Name == p.Code {
			f := &fault.Error{Code: code, Detail: p.Detail}
			for _, e := range p.Errors {
				f.Places = append(f.Places, fault.Place{Location: ofRequest + strings.TrimPrefix(e.Location, "body."), Message: e.Message})
			}
			return f
		}
	}
	return fmt.Errorf("%s (%s)", p.Title, p.Code) // from a newer server
}

// tell prints the answer for programs as it came, or has it told to people.
func (m *machine) tell(answer json.RawMessage, people func() error) error {
	if !m.json {
		return people()
	}
	_, err := fmt.Fprintf(m.to, "%s\n", answer)
	return err
}
