package api_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/fault"
)

func TestTitleIsInTheLanguageAskedFor(t *testing.T) {
	o := openOffice(t)
	const english, chinese = "Sign in first.", "请先登录。"
	for asked, want := range map[string]string{
		"":                          english,
		"en":                        english,
		"zh":                        chinese,
		"zh-CN,zh;q=0.9,en;q=0.8":   chinese,
		"zh-TW":                     chinese,
		"en-GB;q=0.2, zh-Hans;q=.9": chinese,
		"en, zh;q=0.9":              english,
		"fr, zh;q=0.5, en;q=0.1":    chinese,
		"fr":                        english,
		"*":                         english,
		"zh;q=x":                    english,
		strings.Repeat("a-", 4096):  english,
	} {
		p := o.do("", "GET", "/v1/departments", "", "Accept-Language", asked).problem(401, "unauthenticated")
		if p.Title != want {
			t.Errorf("Accept-Language %.40q: %s", asked, p.Title)
		}
	}
}

func TestProblemSaysWhereItsCodeIsExplained(t *testing.T) {
	o := openOffice(t)
	if p := o.do("", "GET", "/v1/departments", "").problem(401, "unauthenticated"); p.Type != o.URL+"/docs/errors#unauthenticated" {
		t.Errorf("type %q", p.Type)
	}
}

func TestEveryPlaceAtFaultIsNamed(t *testing.T) {
	o := openOffice(t)
	long := strings.Repeat("x", 10_000)
	for _, c := range []struct{ name, body, location, message string }{
		{"a name of 10,000 characters", `{"name":"` + long + `"}`, "body.name", "expected length <= 64"},
		{"an empty name", `{"name":""}`, "body.name", "expected length >= 1"},
		{"no name", `{}`, "body", "expected required property name to be present"},
		{"null", `{"name":null}`, "body.name", "expected string"},
		{"another type", `{"name":7}`, "body.name", "expected string"},
		{"not an object", `[]`, "body", "expected object"},
		{"an unknown field", `{"name":"a","colour":1}`, "body.colour", "unexpected property"},
		{"an element", `{"name":"a","labels":["a",7]}`, "body.labels[1]", "expected string"},
		{"too many elements", `{"name":"a","labels":["a","a","a","a","a","a","a","a","a"]}`, "body.labels", "expected array length <= 8"},
		{"none of the values", `{"name":"a","kind":"x"}`, "body.kind", `expected value to be one of "inner, outer"`},
		{"no address", `{"name":"a","mail":"x"}`, "body.mail", "expected string to be RFC 5322 email"},
		{"no time", `{"name":"a","since":"x"}`, "body.since", "expected string to be RFC 3339 date-time"},
		{"a number that does not fit", `{"name":"a","floor":9007199254740991}`, "body", "holds a value that its field cannot take"},
		{"not JSON", `{"name":`, "body.name", "is not valid JSON"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := o.do(chief, "POST", "/v1/departments", c.body).ok(422).problem(422, "invalid_request")
			if len(p.Errors) != 1 || p.Errors[0] != (api.ProblemPlace{Location: c.location, Message: c.message}) {
				t.Errorf("places %+v, want %s %s", p.Errors, c.location, c.message)
			}
		})
	}
	for path, location := range map[string]string{
		"/v1/departments?limit=0":                       "query.limit",
		"/v1/departments?limit=201":                     "query.limit",
		"/v1/departments?limit=all":                     "query.limit",
		"/v1/departments?limit=1e2":                     "query.limit",
		"/v1/departments?q=" + long:                     "query.q",
		"/v1/departments?colour=1":                      "query.colour",
		"/v1/departments?cursor=" + long:                "query.cursor",
		"/v1/departments/" + long:                       "path.id",
		"/v1/departments/a?limit=1":                     "query.limit",
		"/v1/departments?Limit=1":                       "query.Limit",
		"/v1/departments?limit=99999999999%30999999999": "query.limit",
	} {
		p := o.do(chief, "GET", path, "").ok(422).problem(422, "invalid_request")
		if len(p.Errors) != 1 || p.Errors[0].Location != location {
			t.Errorf("%.60s: %+v, want %s", path, p.Errors, location)
		}
	}
}

// A refused password must not come back, whatever was wrong with the request.
func TestNoRefusalEchoesWhatWasSent(t *testing.T) {
	const secret = "hunter2-correct-horse"
	o := openOffice(t)
	body := func(text string) *answer { return o.do(chief, "POST", "/v1/departments", text) }
	for name, a := range map[string]*answer{
		"a value too long":     body(`{"name":"` + strings.Repeat(secret, 10) + `"}`),
		"a value of its type":  body(`{"name":["` + secret + `"]}`),
		"an unknown field":     body(`{"name":"a","password":"` + secret + `"}`),
		"an address":           body(`{"name":"a","mail":"a@b.example, ` + secret + `"}`),
		"an address's quoting": body(`{"name":"a","mail":"\"` + secret + `"}`),
		"a time":               body(`{"name":"a","since":"` + secret + `"}`),
		"almost a time":        body(`{"name":"a","since":"2026-01-01T1:00:00Z ` + secret + `"}`),
		"none of the values":   body(`{"name":"a","kind":"` + secret + `"}`),
		"an element":           body(`{"name":"a","labels":["` + secret + `"]}`),
		"broken JSON":          body(`{"name":"` + secret),
		"two values":           body(`{"name":"` + secret + `"}{}`),
		"a name twice":         body(`{"name":"` + secret + `","name":"b"}`),
		"a half character":     body(`{"name":"` + secret + `\ud800"}`),
		"another format":       o.do(chief, "POST", "/v1/departments", secret, "Content-Type", "text/"+secret),
		"a parameter":          o.do(chief, "GET", "/v1/departments?limit="+secret, ""),
		"an unknown parameter": o.do(chief, "GET", "/v1/departments?password="+secret, ""),
		"a parameter twice":    o.do(chief, "GET", "/v1/departments?q="+secret+"&q=", ""),
		"a cursor":             o.do(chief, "GET", "/v1/departments?cursor="+secret, ""),
		"an id":                o.do(chief, "GET", "/v1/departments/"+secret, ""),
		"an id too long":       o.do(chief, "GET", "/v1/departments/"+strings.Repeat(secret, 10), ""),
		"a path":               o.do(chief, "GET", "/v1/"+secret, ""),
		"a method":             o.do(chief, "X"+secret, "/v1/departments", ""),
		"a tag":                o.do(chief, "PATCH", "/v1/departments/a", `{}`, "If-Match", secret),
		"a token":              o.do(secret, "GET", "/v1/departments", ""),
		"a scheme":             o.do("", "GET", "/v1/departments", "", "Authorization", secret),
		"an origin":            o.do("", "POST", "/v1/visit", `{"password":"a"}`, "Origin", "https://"+secret+".example"),
		"a language":           o.do("", "GET", "/v1/departments", "", "Accept-Language", secret),
		"a request id":         o.do("", "GET", "/v1/departments", "", "X-Request-Id", secret),
		"a host":               o.do("", "GET", "/v1/departments", "", "X-Forwarded-Host", secret),
	} {
		if a.Status < 400 || a.Status >= 500 {
			t.Errorf("%s: %d: %s", name, a.Status, a.Body)
		}
		if whole := fmt.Sprint(a.Header) + string(a.Body); strings.Contains(strings.ToLower(whole), "hunter2") {
			t.Errorf("%s comes back: %s", name, whole)
		}
	}
}

func TestAnswerStaysSmallWhateverIsAtFault(t *testing.T) {
	o := openOffice(t)
	var many strings.Builder
	for i := range 9000 {
		fmt.Fprintf(&many, `,"field%d":%d`, i, i)
	}
	var parameters []string
	for i := range 900 {
		parameters = append(parameters, fmt.Sprintf("p%d=%d", i, i))
	}
	name := strings.Repeat("字", 100_000)
	for what, a := range map[string]*answer{
		"thousands of fields":    o.do(chief, "POST", "/v1/departments", `{"name":"a"`+many.String()+`}`),
		"an endless field":       o.do(chief, "POST", "/v1/departments", `{"name":"a","`+name+`":1}`),
		"an endless field, deep": o.do(chief, "POST", "/v1/departments", `{"name":"a","`+name+`":{"`+name+`":"\u0000"}}`),
		"hundreds of parameters": o.do(chief, "GET", "/v1/departments?"+strings.Join(parameters, "&"), ""),
		"an endless parameter":   o.do(chief, "GET", "/v1/departments?"+url.QueryEscape(name[:3000])+"=1", ""),
	} {
		p := a.ok(422).problem(422, "invalid_request")
		if len(a.Body) > 4000 || len(p.Errors) > 20 {
			t.Errorf("%s: %d bytes, %d places", what, len(a.Body), len(p.Errors))
		}
	}
	if p := o.do(chief, "GET", "/v1/departments?"+strings.Join(parameters, "&"), "").problem(422, "invalid_request"); p.Detail != "880 more places are at fault" {
		t.Errorf("detail %q", p.Detail)
	}
}

func TestEveryKindHasAStatus(t *testing.T) {
	seen := map[int]fault.Kind{}
	for kind := fault.Internal; kind <= fault.TooLong; kind++ {
		status := api.Status(kind)
		if status < 400 || http.StatusText(status) == "" {
			t.Errorf("kind %d has status %d", kind, status)
		}
		if other, taken := seen[status]; taken {
			t.Errorf("kinds %d and %d both have status %d", other, kind, status)
		}
		seen[status] = kind
	}
}

// Whoever closes the page while it loads is no failure of the program.
func TestWhoWentAwayIsNoFailure(t *testing.T) {
	var log bytes.Buffer
	was := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(was)
	o := openOffice(t)
	ctx, leave := context.WithCancel(t.Context())
	leave()
	r := httptest.NewRequestWithContext(ctx, "POST", "/v1/fail/waiting", nil)
	r.Header.Set("Authorization", "Bearer "+chief)
	w := httptest.NewRecorder()
	o.api.ServeHTTP(w, r)
	if calls := o.notes.take(); w.Code != 408 || len(calls) != 1 || calls[0].Status != 408 || calls[0].Code != "caller_gone" {
		t.Errorf("answered %d, recorded %+v", w.Code, calls)
	}
	if said := log.String(); !strings.Contains(said, "the caller went away") || strings.Contains(said, "level=ERROR") {
		t.Errorf("the log says %q", said)
	}
}
