package api_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/internal/api"
)

// shelf is one file that an office answers with.
type shelf struct {
	file   api.Download
	text   []byte
	opened atomic.Int64
	closed atomic.Int64
	early  atomic.Bool // it was read before the record was kept
}

// reading notes when the file is read and closed.
type reading struct {
	io.Reader
	*shelf
	notes *notebook
}

func (r reading) Read(p []byte) (int, error) {
	r.notes.mu.Lock()
	defer r.notes.mu.Unlock()
	if len(r.notes.calls) == 0 {
		r.early.Store(true)
	}
	return r.Reader.Read(p)
}

func (r reading) Close() error {
	r.closed.Add(1)
	return nil
}

func (o *office) shelve(text []byte, file api.Download) *shelf {
	s := &shelf{file: file, text: text}
	api.RegisterDownload(o.api, api.Operation{
		ID: "picture-read", Method: http.MethodGet, Path: "/v1/picture", Summary: "Get the picture",
		Access: api.Needs("department:read"), Tenant: api.OfCaller, Event: "picture.read", Limit: api.Ordinary,
	}, func(context.Context, *struct{}) (*api.Download, error) {
		d := s.file
		s.opened.Add(1)
		d.Body = reading{bytes.NewReader(s.text), s, &o.notes}
		return &d, nil
	})
	return s
}

func TestAFileIsAnsweredAsItIs(t *testing.T) {
	o := openOffice(t)
	text := make([]byte, 3<<20)
	_, _ = rand.Read(text) // never fails
	s := o.shelve(text, api.Download{Name: "图 1.png", Type: "image/png", Size: int64(len(text))})
	a := o.do(reader, "GET", "/v1/picture", "").ok(200)
	if !bytes.Equal(a.Body, text) {
		t.Errorf("%d bytes came, not the %d", len(a.Body), len(text))
	}
	for name, want := range map[string]string{
		"Content-Type":                 "image/png",
		"Content-Length":               strconv.Itoa(len(text)),
		"Content-Disposition":          `attachment; filename="_ 1.png"; filename*=UTF-8''%E5%9B%BE%201.png`,
		"Content-Security-Policy":      "sandbox; default-src 'none'",
		"Cross-Origin-Resource-Policy": "same-origin",
		"X-Content-Type-Options":       "nosniff",
		"Cache-Control":                "no-store",
	} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	s.file.Inline = true
	a = o.do(reader, "GET", "/v1/picture", "").ok(200)
	if got := a.Header.Get("Content-Disposition"); !strings.HasPrefix(got, "inline; ") {
		t.Errorf("what a page may show comes as %q", got)
	}
	a = o.do(reader, "HEAD", "/v1/picture", "").ok(200)
	if a.Header.Get("Content-Length") != strconv.Itoa(len(text)) || len(a.Body) > 0 {
		t.Errorf("HEAD: %v, %d bytes", a.Header, len(a.Body))
	}
	o.Close() // waits for what is still being done
	if s.early.Load() || s.opened.Load() != s.closed.Load() {
		t.Errorf("read before its record: %t; opened %d times, closed %d", s.early.Load(), s.opened.Load(), s.closed.Load())
	}
}

// What cannot be recorded does not leave.
func TestNoFileLeavesWithoutItsRecord(t *testing.T) {
	o := openOffice(t)
	s := o.shelve([]byte("secret"), api.Download{Name: "a", Type: "text/plain", Size: 6})
	o.notes.close()
	a := o.do(reader, "GET", "/v1/picture", "")
	a.problem(503, "unavailable")
	if bytes.Contains(a.Body, []byte("secret")) || a.Header.Get("Content-Disposition") != "" || s.closed.Load() != 1 {
		t.Errorf("it left: %v %s (closed %d times)", a.Header, a.Body, s.closed.Load())
	}
	o.do(nobody, "GET", "/v1/picture", "").problem(503, "unavailable")
	if s.opened.Load() != 1 {
		t.Error("it was opened for who may not have it")
	}
}

// A file that is shorter than it should be does not pass for whole.
func TestAFileThatEndsEarlyIsNoAnswer(t *testing.T) {
	o := openOffice(t)
	o.shelve([]byte("half"), api.Download{Name: "a", Type: "text/plain", Size: 8})
	r, err := http.NewRequestWithContext(t.Context(), "GET", o.URL+"/v1/picture", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+reader)
	response, err := o.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if text, err := io.ReadAll(response.Body); err == nil {
		t.Errorf("%q passes for the file", text)
	}
}

// Whatever a file is called, it stays within its header and is read as it was.
func TestNamesOfFilesAreReadAsTheyAre(t *testing.T) {
	o := openOffice(t)
	s := o.shelve([]byte("x"), api.Download{Type: "text/plain", Size: 1})
	rapid.Check(t, func(rt *rapid.T) {
		s.file.Name = rapid.StringN(1, 100, -1).Draw(rt, "name")
		a := o.do(reader, "GET", "/v1/picture", "").ok(200)
		header := a.Header.Get("Content-Disposition")
		kind, parameters, err := mime.ParseMediaType(header)
		if err != nil || kind != "attachment" || parameters["filename"] == "" {
			rt.Fatalf("%q: %v", header, err)
		}
		_, exact, _ := strings.Cut(header, "; filename*=")
		_, parameters, err = mime.ParseMediaType("attachment; filename*=" + exact)
		if err != nil || parameters["filename"] != s.file.Name {
			rt.Fatalf("%q is read as %q: %v", s.file.Name, parameters["filename"], err)
		}
	})
}
