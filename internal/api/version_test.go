package api_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/internal/api"
)

func TestChangeSaysWhichVersionItIsMeantFor(t *testing.T) {
	o := openOffice(t)
	made := o.do(chief, "POST", "/v1/departments", `{"name":"Help"}`).ok(201)
	path := "/v1/departments/" + made.field("id")
	o.do(chief, "PATCH", path, `{"name":"Desk"}`).ok(428).problem(428, "version_required")
	for _, tag := range []string{
		"1", `W/"1"`, "*", `"1", "2"`, `"1","1"`, `"0"`, `"-1"`, `"+1"`, `"01"`, `"1 "`, `" 1"`, `"1"x`, `'1'`, `""`, `"`, `"\x31"`,
		`"9223372036854775808"`, `"1e0"`, `"１"`, "`1`", `"` + strings.Repeat("1", 10_000) + `"`,
	} {
		p := o.do(chief, "PATCH", path, `{"name":"Desk"}`, "If-Match", tag).ok(422).problem(422, "invalid_request")
		if len(p.Errors) != 1 || p.Errors[0].Location != "header.If-Match" {
			t.Errorf("%.30s: %+v", tag, p.Errors)
		}
	}
	for _, tag := range []string{`"2"`, `"9223372036854775807"`} {
		a := o.do(chief, "PATCH", path, `{"name":"Desk"}`, "If-Match", tag).ok(412)
		a.problem(412, "stale_version")
		if got := a.Header.Get("ETag"); got != `"1"` {
			t.Errorf("the present version is told as %q", got)
		}
	}
	changed := o.do(chief, "PATCH", path, `{"name":"Desk"}`, "If-Match", made.Header.Get("ETag")).ok(200)
	if changed.field("name") != "Desk" || changed.Header.Get("ETag") != `"2"` {
		t.Errorf("ETag %s: %s", changed.Header.Get("ETag"), changed.Body)
	}
}

func TestVersionReadsWhatETagWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Int64Min(1).Draw(t, "version")
		if got, err := (api.IfMatch{IfMatch: api.ETag(v)}).Version(); got != v || err != nil {
			t.Fatalf("%d, %v", got, err)
		}
		tag := rapid.String().Draw(t, "tag")
		if got, err := (api.IfMatch{IfMatch: tag}).Version(); err == nil && api.ETag(got) != tag {
			t.Fatalf("%q is read as %d", tag, got)
		}
	})
}
