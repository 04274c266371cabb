package api_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"testing"

	"github.com/usher-desk/usher/internal/api"
)

// answer is what came back.
type answer struct {
	Status int
	Header http.Header
	Body   []byte
	t      testing.TB
}

// do sends a request with a token, which may be empty. Headers come in pairs.
func (o *office) do(token, method, path, body string, headers ...string) *answer {
	o.t.Helper()
	r, err := http.NewRequestWithContext(o.t.Context(), method, o.URL+path, bytes.NewReader([]byte(body)))
	if err != nil {
		o.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for pair := range slices.Chunk(headers, 2) {
		r.Header.Set(pair[0], pair[1])
	}
	return o.send(r)
}

func (o *office) send(r *http.Request) *answer {
	o.t.Helper()
	response, err := o.Client().Do(r)
	if err != nil {
		o.t.Fatal(err)
	}
	return read(o.t, response)
}

func read(t testing.TB, response *http.Response) *answer {
	t.Helper()
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return &answer{response.StatusCode, response.Header, body, t}
}

// ok fails the test unless the answer has this status and a record.
func (a *answer) ok(status int) *answer {
	a.t.Helper()
	if a.Status != status || a.Header.Get("Audit-Record") == "" {
		a.t.Fatalf("%d with record %q, want %d with one: %s", a.Status, a.Header.Get("Audit-Record"), status, a.Body)
	}
	return a
}

// problem fails the test unless the answer is a problem with this status and code.
func (a *answer) problem(status int, code string) api.Problem {
	a.t.Helper()
	var p api.Problem
	if err := json.Unmarshal(a.Body, &p); err != nil {
		a.t.Fatalf("%d, not a problem: %s", a.Status, a.Body)
	}
	if kind := a.Header.Get("Content-Type"); kind != "application/problem+json" {
		a.t.Errorf("Content-Type %q", kind)
	}
	if a.Status != status || p.Status != status || p.Code != code {
		a.t.Errorf("%d, %d in the body, code %q; want %d %q: %s", a.Status, p.Status, p.Code, status, code, a.Body)
	}
	if p.Request == "" || p.Request != a.Header.Get("X-Request-Id") {
		a.t.Errorf("request id %q, in the header %q", p.Request, a.Header.Get("X-Request-Id"))
	}
	return p
}

// field is a text of the answer's body.
func (a *answer) field(name string) string {
	a.t.Helper()
	var body map[string]any
	if err := json.Unmarshal(a.Body, &body); err != nil {
		a.t.Fatalf("%v: %s", err, a.Body)
	}
	text, _ := body[name].(string)
	return text
}
