package servertest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
)

// Client is one browser or program: it keeps cookies and sends its token.
type Client struct {
	Token  string
	User   *User // who signed in; nil when nobody has
	server *Server
	http   *http.Client
}

// Client returns a client that nobody has signed in with.
func (s *Server) Client() *Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &Client{server: s, http: &http.Client{Jar: jar}}
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	what   string
	t      testing.TB
}

// Do sends a request and reads the answer. body is nil, a string or bytes sent as they are, or a
// value sent as JSON. headers come in pairs of name and value. An answer that is not as the API description
// says fails the test.
func (c *Client) Do(method, path string, body any, headers ...string) *Answer {
	t := c.server.t
	t.Helper()
	answer, err := c.Try(method, path, body, headers...)
	if answer == nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Error(err)
	}
	return answer
}

// Try is Do for who judges by themselves: with an answer that is not as the API description says comes an error that tells
// how; without an answer, why there is none.
func (c *Client) Try(method, path string, body any, headers ...string) (*Answer, error) {
	t := c.server.t
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, c.server.address+path, bytes.NewReader(encode(t, body)))
	if err != nil {
		return nil, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.Token != "" {
		request.Header.Set("Authorization", "Bearer "+c.Token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer := &Answer{Status: response.StatusCode, Header: response.Header, what: method + " " + path, t: t}
	if answer.Status != http.StatusSwitchingProtocols { // a connection has no end to be read to
		if answer.Body, err = io.ReadAll(response.Body); err != nil {
			return nil, err
		}
	}
	return answer, c.server.contract.contradicted(request, answer)
}

func encode(t testing.TB, body any) []byte {
	switch b := body.(type) {
	case nil:
		return nil
	case string:
		return []byte(b)
	case []byte:
		return b
	}
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Expect fails the test when the status is another one.
func (a *Answer) Expect(status int) *Answer {
	a.t.Helper()
	if a.Status != status {
		a.t.Fatalf("%s: %d, want %d: %s", a.what, a.Status, status, a.Body)
	}
	return a
}

// Refused fails the test unless the answer is a problem with this status and code.
func (a *Answer) Refused(status int, code string) *Answer {
	a.t.Helper()
	a.Expect(status)
	if got := a.Code(); got != code {
		a.t.Fatalf("%s: code %q, want %q: %s", a.what, got, code, a.Body)
	}
	return a
}

// Code is the code of a problem; "" when the answer is none.
func (a *Answer) Code() string {
	if !strings.HasPrefix(a.Header.Get("Content-Type"), "application/problem+json") {
		return ""
	}
	return a.String("code")
}

// Into decodes the body.
func (a *Answer) Into(v any) *Answer {
	a.t.Helper()
	if err := json.Unmarshal(a.Body, v); err != nil {
		a.t.Fatalf("%s: %v: %s", a.what, err, a.Body)
	}
	return a
}

// Value is the value at a path of names in the body; nil when there is none.
func (a *Answer) Value(path ...string) any {
	a.t.Helper()
	var v any
	a.Into(&v)
	for _, name := range path {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	return v
}

// String is the text at a path of names in the body; "" when there is none.
func (a *Answer) String(path ...string) string {
	a.t.Helper()
	s, _ := a.Value(path...).(string)
	return s
}

// ETag is the answer's entity tag.
func (a *Answer) ETag() string { return a.Header.Get("ETag") }
