package api_test

import (
	"strings"
	"testing"
)

func TestTextOfTheAddressIsExamined(t *testing.T) {
	o := openOffice(t)
	for _, path := range []string{
		"/v1/departments?q=%00",
		"/v1/departments?q=%0a",
		"/v1/departments?q=%1b[31m",
		"/v1/departments?q=%7f",
		"/v1/departments?q=%c2%85",
		"/v1/departments?q=%ff",
		"/v1/departments?q=\xff",
		"/v1/departments?q=%ed%a0%80",
		"/v1/departments?%00=1",
		"/v1/departments?%ff=1",
		"/v1/departments?q=%zz",
		"/v1/departments?q=%",
		"/v1/departments?q=a;limit=1",
		"/v1/departments?limit=1;q=a",
		"/v1/departments?q",
		"/v1/departments?limit=1&q",
		"/v1/departments?q=a&q=b",
		"/v1/departments?q=a&%71=b",
		"/v1/departments?limit=1&limit=1",
		"/v1/departments/%00",
		"/v1/departments/a%00b",
		"/v1/departments/%0d%0aSet-Cookie:%20a=b",
		"/v1/departments/%ff",
		"/v1/departments/\xff",
		"/v1/departments/%c0%ae%c0%ae",
	} {
		l := o.dial(t)
		l.write(head("GET", path, chief))
		l.answer("GET").ok(422).problem(422, "invalid_text")
		calls := o.notes.take()
		if len(calls) != 1 || calls[0].Caller == nil || calls[0].Code != "invalid_text" {
			t.Errorf("%q: records %+v", path, calls)
		}
	}
	for _, path := range []string{
		"/v1/departments?", "/v1/departments?&&limit=1&", "/v1/departments?q=", "/v1/departments?q=a=b", "/v1/departments?q=%E5%AE%A2%E6%9C%8D",
		"/v1/departments?q=a%3Bb", "/v1/departments?q=100%25",
	} {
		o.do(chief, "GET", path, "").ok(200)
	}
	for _, path := range []string{"/v1/departments/..%2f..", "/v1/departments/%2e%2e", "/v1/departments/a%2Fb", "/v1/departments/%20"} {
		l := o.dial(t)
		l.write(head("GET", path, chief))
		if a := l.answer("GET"); a.Status != 404 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
}

func TestAddressIsBounded(t *testing.T) {
	o := openOffice(t)
	for _, path := range []string{
		"/v1/departments?q=" + strings.Repeat("a", 16<<10),
		"/v1/departments/" + strings.Repeat("a", 16<<10),
		"/v1/departments/" + strings.Repeat("%61", 6<<10),
	} {
		o.do(chief, "GET", path, "").ok(414).problem(414, "address_too_long")
	}
	o.do(chief, "GET", "/"+strings.Repeat("a", 500_000), "").problem(404, "no_such_route")
}
