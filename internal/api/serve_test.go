package api_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// serve runs one request without a network.
func serve(a *api.API, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.TLS = &tls.ConnectionState{}
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	return w
}

func TestDepartmentsComeAndAreRead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := serveOffice(t, db)
		made := o.do(chief, "POST", "/v1/departments", `{"name":"客服部"}`).ok(201)
		got := o.do(reader, "GET", "/v1/departments/"+made.field("id"), "").ok(200)
		if got.field("name") != "客服部" || got.Header.Get("ETag") != `"1"` {
			t.Errorf("ETag %s: %s", got.Header.Get("ETag"), got.Body)
		}
	})
}

func TestEveryAnswerHasItsHeaders(t *testing.T) {
	o := openOffice(t)
	for _, c := range []struct{ token, method, path, body string }{
		{chief, "GET", "/v1/departments", ""},
		{chief, "POST", "/v1/departments", `{"name":"Help"}`},
		{chief, "POST", "/v1/departments", `{}`},
		{"", "GET", "/v1/departments", ""},
		{chief, "POST", "/v1/fail/panic", ""},
		{chief, "GET", "/v1/nowhere", ""},
	} {
		a := o.do(c.token, c.method, c.path, c.body)
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"} {
			if got := a.Header.Get(name); got != want {
				t.Errorf("%s %s: %s is %q", c.method, c.path, name, got)
			}
		}
		if a.Header.Get("X-Request-Id") == "" || strings.HasPrefix(string(a.Body), "{") && !strings.Contains(a.Header.Get("Content-Type"), "json") {
			t.Errorf("%s %s: %v", c.method, c.path, a.Header)
		}
	}
	first, second := o.do("", "GET", "/livez", ""), o.do("", "GET", "/livez", "")
	if first.Header.Get("X-Request-Id") == second.Header.Get("X-Request-Id") {
		t.Error("two requests have one id")
	}
	if first.Header.Get("Cache-Control") != "public" || first.Header.Get("Audit-Record") != "" {
		t.Errorf("what is no operation: %v", first.Header)
	}
}

func TestWhatIsNotThereIsAProblem(t *testing.T) {
	o := openOffice(t)
	for _, c := range []struct {
		method, path string
		status       int
		code, allow  string
	}{
		{"GET", "/", 404, "no_such_route", ""},
		{"GET", "/v1/nowhere", 404, "no_such_route", ""},
		{"GET", "/v1/departments/", 404, "no_such_route", ""},
		{"GET", "/v1//departments", 404, "no_such_route", ""},
		{"GET", "/v1/../v1/departments", 404, "no_such_route", ""},
		{"GET", "/./v1/departments", 404, "no_such_route", ""},
		{"GET", "//", 404, "no_such_route", ""},
		{"DELETE", "/v1/departments", 405, "method_not_allowed", "GET, HEAD, POST"},
		{"OPTIONS", "/v1/departments", 405, "method_not_allowed", "GET, HEAD, POST"},
		{"TRACE", "/v1/departments/x", 405, "method_not_allowed", "GET, HEAD, PATCH"},
		{"get", "/v1/departments/x", 405, "method_not_allowed", "GET, HEAD, PATCH"},
	} {
		t.Run(c.method+" "+c.path, func(t *testing.T) {
			l := o.dial(t)
			l.write(head(c.method, c.path, chief))
			a := l.answer(c.method)
			a.problem(c.status, c.code)
			if got := a.Header.Get("Allow"); got != c.allow {
				t.Errorf("Allow %q, want %q", got, c.allow)
			}
			if a.Header.Get("Location") != "" || a.Header.Get("Audit-Record") != "" {
				t.Errorf("headers %v", a.Header)
			}
		})
	}
}

func TestHeadIsGetWithoutTheBody(t *testing.T) {
	o := openOffice(t)
	got := o.do(chief, "HEAD", "/v1/departments", "").ok(200)
	want := o.do(chief, "GET", "/v1/departments", "").ok(200)
	if len(got.Body) != 0 || got.Header.Get("Content-Length") != want.Header.Get("Content-Length") {
		t.Errorf("%q of length %s, want that of %q", got.Body, got.Header.Get("Content-Length"), want.Body)
	}
	if a := o.do("", "HEAD", "/v1/departments", ""); a.Status != 401 {
		t.Errorf("%d for nobody", a.Status)
	}
}

func TestPanicIsAProblemThatTellsNothing(t *testing.T) {
	o := openOffice(t)
	for _, how := range []string{"panic", "defect"} {
		a := o.do(chief, "POST", "/v1/fail/"+how, "").ok(500)
		a.problem(500, "internal")
		if strings.Contains(string(a.Body), "secret") {
			t.Errorf("%s: %s", how, a.Body)
		}
	}
}

// What was committed stays committed and has its record, although the answer is a failure.
func TestPanicAfterTheCommitKeepsTheRecord(t *testing.T) {
	openOffice(t).do(chief, "POST", "/v1/fail/late", "").ok(500).problem(500, "internal")
}

func TestRefusalsThatPassSayWhenToComeBack(t *testing.T) {
	o := openOffice(t)
	for how, want := range map[string]struct {
		status      int
		code, after string
	}{
		"database": {503, "unavailable", "1"},
		"often":    {429, "rate_limited", "2"},
	} {
		a := o.do(chief, "POST", "/v1/fail/"+how, "").ok(want.status)
		a.problem(want.status, want.code)
		if got := a.Header.Get("Retry-After"); got != want.after {
			t.Errorf("%s: Retry-After %q, want %q", how, got, want.after)
		}
	}
}

func TestAnswerIsWithheldWhenItsRecordCannotBeKept(t *testing.T) {
	o := openOffice(t)
	before := o.do("", "POST", "/v1/visit", `{"password":"right"}`).ok(200)
	if before.Header.Get("Set-Cookie") == "" || before.Header.Get("ETag") == "" {
		t.Fatalf("the visit has no cookie or tag: %v", before.Header)
	}
	o.notes.close()
	after := o.do("", "POST", "/v1/visit", `{"password":"right"}`)
	after.problem(503, "unavailable")
	for _, name := range []string{"Set-Cookie", "ETag", "Audit-Record"} {
		if got := after.Header.Get(name); got != "" {
			t.Errorf("%s: %s", name, got)
		}
	}
	o.do("", "POST", "/v1/visit", `{"password":"wrong"}`).problem(503, "unavailable") // or one could try passwords off the record
	o.do(stale, "GET", "/v1/departments", "").problem(401, "api_test_expired")
	list := o.do(chief, "GET", "/v1/departments", "")
	list.problem(503, "unavailable")
	if strings.Contains(string(list.Body), "items") || list.Header.Get("Retry-After") != "1" {
		t.Errorf("%v: %s", list.Header, list.Body)
	}
}

func TestRecordIsKeptOfACallerWhoHasGone(t *testing.T) {
	c := config()
	kept := errors.New("no record was asked for")
	c.Record = func(ctx context.Context, _ *api.Call) error {
		kept = ctx.Err()
		return nil
	}
	a := api.New(c)
	register(a, complete())
	gone, leave := context.WithCancel(t.Context())
	leave()
	a.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(gone, http.MethodPatch, "https://desk.example/v1/roles/agent", nil))
	if kept != nil {
		t.Errorf("the record was given up: %v", kept)
	}
}

func TestAnswersAreJSONWhateverIsAccepted(t *testing.T) {
	o := openOffice(t)
	for _, accept := range []string{"text/html", "json", "application/cbor", "*/*;q=0", strings.Repeat("a/b,", 1000)} {
		a := o.do(chief, "GET", "/v1/departments", "", "Accept", accept).ok(200)
		if got := a.Header.Get("Content-Type"); got != "application/json" {
			t.Errorf("Accept %.20s: Content-Type %q", accept, got)
		}
	}
}

func TestAnswerWithoutABodyHasNone(t *testing.T) {
	c := config()
	c.Record = func(_ context.Context, call *api.Call) error { call.Recorded = true; return nil }
	a := api.New(c)
	op := complete()
	op.Access, op.Tenant, op.Status = api.Anyone("it is a test"), api.Named, http.StatusNoContent
	op.Limit = api.Small
	register(a, op)
	w := serve(a, http.MethodPatch, "/v1/roles/agent", "")
	if w.Code != 204 || w.Body.Len() != 0 || w.Header().Get("Content-Length") != "" || w.Header().Get("Audit-Record") == "" {
		t.Errorf("%d %v %q", w.Code, w.Header(), w.Body)
	}
}
