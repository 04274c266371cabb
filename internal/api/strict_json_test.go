package api_test

import (
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/api"
)

func TestStrictJSONNamesThePlace(t *testing.T) {
	o := openOffice(t)
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for _, c := range []struct{ name, body, location, message string }{
		{"a name twice", `{"a":1,"b":2,"a":1}`, "body", "has a name twice, or twice but for its case"},
		{"a name twice, below", `{"a":[{},{"b":1,"b":1}]}`, "body.a[1]", "has a name twice, or twice but for its case"},
		{"a name twice, escaped", `{"a":1,"\u0061":2}`, "body", "has a name twice, or twice but for its case"},
		{"another case", `{"name":1,"Name":2}`, "body", "has a name twice, or twice but for its case"},
		{"another case, long s", `{"session":1,"ſession":2}`, "body", "has a name twice, or twice but for its case"},
		{"another case, kelvin", `{"key":1,"\u212aey":2}`, "body", "has a name twice, or twice but for its case"},
		{"invalid UTF-8", "{\"a\":\"\xff\"}", "body", "is not valid UTF-8"},
		{"an encoded surrogate", "\"\xed\xa0\x80\"", "body", "is not valid UTF-8"},
		{"NUL", `{"a":"b\u0000c"}`, "body.a", "holds a character that is not allowed"},
		{"NUL in a name", `{"a\u0000":1}`, "body", "holds a character that is not allowed"},
		{"a bare NUL", "\"\x00\"", "body", "is not valid JSON"},
		{"half a pair", `{"a":"\ud800"}`, "body.a", "holds a character that is not allowed"},
		{"the other half", `["\udc00\ud800"]`, "body[0]", "holds a character that is not allowed"},
		{"half a pair in a name", `{"\ud800":1}`, "body", "holds a character that is not allowed"},
		{"a replacement character", `"\ufffd"`, "body", "holds a character that is not allowed"},
		{"17 levels", deep(18), "body" + strings.Repeat("[0]", 17), "is nested too deeply"},
		{"a tower", strings.Repeat("[", 500_000), "body" + strings.Repeat("[0]", 17), "is nested too deeply"},
		{"a tower of objects", strings.Repeat(`{"a":`, 200_000), "body" + strings.Repeat(".a", 17), "is nested too deeply"},
		{"too many values", "[" + strings.Repeat("0,", 10_000) + "0]", "body", "holds more than 10000 values"},
		{"two values", `{} {}`, "body", "holds more than one JSON value"},
		{"a value and rubbish", `{}]`, "body", "holds more than one JSON value"},
		{"a huge number", `[1e400]`, "body[0]", "is not an integer below 2^53"},
		{"a number in exponents", `[1e2]`, "body[0]", "is not an integer below 2^53"},
		{"a fraction", `[1.0]`, "body[0]", "is not an integer below 2^53"},
		{"an integer that floats round", `[9007199254740992]`, "body[0]", "is not an integer below 2^53"},
		{"a long number", `[` + strings.Repeat("1", 100_000) + `]`, "body[0]", "is not an integer below 2^53"},
		{"a mark of byte order", "\ufeff{}", "body", "is not valid JSON"},
		{"UTF-16", "{\x00}\x00", "body", "is not valid JSON"},
		{"nothing but blanks", "  ", "body", "is not valid JSON"},
		{"a trailing comma", `{"a":1,}`, "body", "is not valid JSON"},
		{"a trailing comma in a list", `[1,]`, "body[1]", "is not valid JSON"},
		{"no comma", `[1 2]`, "body[1]", "is not valid JSON"},
		{"single quotes", `{'a':1}`, "body", "is not valid JSON"},
		{"a comment", `{}//`, "body", "holds more than one JSON value"},
		{"not a number", `[NaN]`, "body[0]", "is not valid JSON"},
		{"a leading zero", `[01]`, "body[1]", "is not valid JSON"},
		{"a name that is no text", `{1:1}`, "body", "is not valid JSON"},
		{"a bare line break", "\"a\nb\"", "body", "is not valid JSON"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := o.do(chief, "POST", "/v1/anything", c.body).ok(422).problem(422, "invalid_request")
			if len(p.Errors) != 1 || p.Errors[0] != (api.ProblemPlace{Location: c.location, Message: c.message}) {
				t.Errorf("places %+v, want %s %s", p.Errors, c.location, c.message)
			}
		})
	}
	for _, body := range []string{
		`null`, `0`, `-0`, `""`, `[]`, ` { "a" : [ true , false , null ] } `, `9007199254740991`, `-9007199254740991`,
		`"\ud83d\ude00 客服 \u0001"`, deep(17), "[" + strings.Repeat("0,", 9_998) + "0]", `{"a":{"A":1},"b":{"a":1}}`,
	} {
		o.do(chief, "POST", "/v1/anything", body).ok(200)
	}
}

// Go's decoder takes a name in any case for the field; the description does not know it.
func TestNamesOfFieldsHaveTheirCase(t *testing.T) {
	o := openOffice(t)
	for _, body := range []string{`{"NAME":"a"}`, `{"Name":"a"}`, `{"name":"a","Kind":"inner"}`, `{"name":"a","\u212aind":"inner"}`} {
		o.do(chief, "POST", "/v1/departments", body).ok(422).problem(422, "invalid_request")
	}
}
