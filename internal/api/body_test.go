package api_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

const mebibyte = 1 << 20

// padded is a valid body of exactly n bytes.
func padded(n int) string {
	const body = `{"name":"Help desk"}`
	return body + strings.Repeat(" ", n-len(body))
}

func TestBodyIsBounded(t *testing.T) {
	o := openOffice(t)
	o.do(chief, "POST", "/v1/departments", padded(mebibyte)).ok(201)
	o.do(chief, "POST", "/v1/departments", padded(mebibyte+1)).ok(413).problem(413, "too_large")
	o.do(chief, "GET", "/v1/departments", padded(mebibyte+1)).problem(413, "too_large")
	for size, status := range map[int]int{mebibyte: 201, mebibyte + 1: 413} { // of unknown length
		r, err := http.NewRequestWithContext(t.Context(), "POST", o.URL+"/v1/departments", io.MultiReader(strings.NewReader(padded(size))))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+chief)
		o.send(r).ok(status)
	}
}

func TestBodyMustSayThatItIsJSON(t *testing.T) {
	o := openOffice(t)
	for _, good := range []string{"application/json", "application/json; charset=utf-8", `Application/JSON;charset="UTF-8"`} {
		o.do(chief, "POST", "/v1/departments", `{"name":"Help"}`, "Content-Type", good).ok(201)
	}
	for _, bad := range []string{
		"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "json",
		"text/plain+json", "application/json; charset=gbk", "application/json, text/plain", "application/json;;", "\xff",
	} {
		a := o.do(chief, "POST", "/v1/departments", `{"name":"Help"}`, "Content-Type", bad)
		a.ok(415).problem(415, "unsupported_media_type")
	}
	o.do(chief, "POST", "/v1/departments", `{"name":"Help"}`, "Content-Encoding", "gzip").problem(415, "unsupported_media_type")
}

func TestMissingBodyIsNamed(t *testing.T) {
	p := openOffice(t).do(chief, "POST", "/v1/departments", "").ok(422).problem(422, "invalid_request")
	if len(p.Errors) != 1 || p.Errors[0].Location != "body" || p.Errors[0].Message != "request body is required" {
		t.Errorf("places %+v", p.Errors)
	}
}

// line is a connection on which requests are written byte by byte.
type line struct {
	net.Conn
	answers *bufio.Reader
	t       *testing.T
}

func (o *office) dial(t *testing.T) *line {
	t.Helper()
	conn, err := net.Dial("tcp", o.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return &line{conn, bufio.NewReader(conn), t}
}

func (l *line) write(text string) {
	l.t.Helper()
	if _, err := io.WriteString(l, text); err != nil {
		l.t.Fatal(err)
	}
}

func (l *line) answer(method string) *answer {
	l.t.Helper()
	response, err := http.ReadResponse(l.answers, &http.Request{Method: method})
	if err != nil {
		l.t.Fatal(err)
	}
	return read(l.t, response)
}

// head is the beginning of a request up to its body.
func head(method, path, token string, headers ...string) string {
	return fmt.Sprintf("%s %s HTTP/1.1\r\nHost: desk\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n%s\r\n",
		method, path, token, strings.Join(append(headers, ""), "\r\n"))
}

func TestSlowBodyIsNotWaitedFor(t *testing.T) {
	l := openOffice(t).dial(t)
	l.write(head("POST", "/v1/hurry", chief, "Content-Length: 10") + `{"a"`)
	l.answer("POST").ok(408).problem(408, "slow_body")
}

// The connection is not held open by somebody who was refused before the body was looked at.
func TestSlowBodyOfARefusedCallIsNotWaitedFor(t *testing.T) {
	l := openOffice(t).dial(t)
	l.write(head("POST", "/v1/hurry", stale, "Content-Length: 10") + `{"a"`)
	l.answer("POST").problem(401, "api_test_expired")
}

// Nor by a request to an address that is no operation.
func TestSlowBodyOfNoOperationIsNotWaitedFor(t *testing.T) {
	t.Parallel() // it takes as long as strangers are given
	l := openOffice(t).dial(t)
	l.write("POST /nowhere HTTP/1.1\r\nHost: desk\r\nContent-Length: 1000\r\n\r\nabc")
	l.answer("POST").problem(404, "no_such_route")
	if _, err := l.answers.ReadByte(); err == nil {
		t.Error("the connection goes on in the middle of a body")
	}
}

func TestNamesAreBoundedBeforeTheyAreFolded(t *testing.T) {
	o := openOffice(t)
	p := o.do(chief, "POST", "/v1/departments", `{"`+strings.Repeat("\uFDFA", 43)+`":1}`).ok(422).problem(422, "invalid_request")
	if len(p.Errors) != 1 || p.Errors[0].Message != "has a name of more than 128 bytes" {
		t.Errorf("places %+v", p.Errors)
	}
}

// The time for sending a body is not the time for the work: when it is over, nobody has gone.
func TestWorkMayTakeLongerThanTheBody(t *testing.T) {
	openOffice(t).do(chief, "POST", "/v1/linger", "").ok(200)
}

func TestBodyThatBreaksOffIsARefusal(t *testing.T) {
	o := openOffice(t)
	for name, rest := range map[string]string{
		"a chunk that is none":    head("POST", "/v1/departments", chief, "Transfer-Encoding: chunked") + "zz\r\n{}\r\n0\r\n\r\n",
		"a chunk without its end": head("POST", "/v1/departments", chief, "Transfer-Encoding: chunked") + "2\r\n{}garbage\r\n0\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			l := o.dial(t)
			l.write(rest)
			p := l.answer("POST").ok(422).problem(422, "invalid_request")
			if len(p.Errors) != 1 || p.Errors[0].Message != "broke off before its end" {
				t.Errorf("places %+v", p.Errors)
			}
		})
	}
	l := o.dial(t)
	l.write(head("POST", "/v1/departments", chief, "Content-Length: 100") + `{"name":`)
	if err := l.Conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	l.answer("POST").ok(422).problem(422, "invalid_request")
}

// What one request leaves on the connection must not be read as the next one.
func TestConnectionGoesOnAfterRefusals(t *testing.T) {
	o := openOffice(t)
	smuggled := head("GET", "/v1/departments", chief)
	sized := fmt.Sprintf("Content-Length: %d", len(smuggled))
	for name, refused := range map[string]struct {
		request string
		status  int
	}{
		"not signed in":     {head("POST", "/v1/departments", stale, sized) + smuggled, 401},
		"no permission":     {head("POST", "/v1/departments", nobody, sized) + smuggled, 403},
		"no such route":     {head("POST", "/v1/nowhere", chief, sized) + smuggled, 404},
		"another method":    {head("DELETE", "/v1/departments", chief, sized) + smuggled, 405},
		"not JSON":          {head("POST", "/v1/departments", chief, sized) + smuggled, 422},
		"a body for a GET":  {head("GET", "/v1/departments", chief, sized) + smuggled, 200},
		"a body for a HEAD": {head("HEAD", "/v1/departments", chief, sized) + smuggled, 200},
		"a panic":           {head("POST", "/v1/fail/panic", chief, sized) + smuggled, 500},
		"a broken address":  {head("GET", "/v1/departments?q=%ff", chief, sized) + smuggled, 422},
	} {
		t.Run(name, func(t *testing.T) {
			l := o.dial(t)
			l.write(refused.request)
			if got := l.answer(strings.Fields(refused.request)[0]); got.Status != refused.status {
				t.Fatalf("%d, want %d: %s", got.Status, refused.status, got.Body)
			}
			l.write(head("POST", "/v1/departments", chief, "Content-Length: 15") + `{"name":"Next"}`)
			if got := l.answer("POST").ok(201).field("name"); got != "Next" {
				t.Errorf("the next answer is about %q", got)
			}
		})
	}
}
