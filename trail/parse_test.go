package trail_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/usher-desk/usher/trail"
)

func wantField(t *testing.T, err error, field string) {
	t.Helper()
	var e *trail.Error
	if !errors.As(err, &e) {
		t.Errorf("got %v, want an error in %q", err, field)
	} else if e.Field != field {
		t.Errorf("got %v, want an error in %q", err, field)
	}
}

// Each case changes one thing in the bytes of a good record.
func TestParseIsStrict(t *testing.T) {
	good, err := roleUpdate(t).Encode()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ old, new, field string }{
		"another version":          {`"v":1`, `"v":2`, "v"},
		"no version":               {`,"v":1`, ``, "v"},
		"a version as text":        {`"v":1`, `"v":"1"`, "v"},
		"an unknown field":         {`"v":1`, `"v":1,"w":1`, "w"},
		"an unknown field inside":  {`"policy":"42"`, `"policy":"42","q":"1"`, "action.q"},
		"an unknown field deep":    {`"label":{}`, `"label":{"x":[]}`, "change.label.x"},
		"another case":             {`"v":1`, `"V":1`, "V"},
		"a name twice":             {`"v":1`, `"v":1,"v":1`, "v"},
		"a name twice inside":      {`"type":"platform"`, `"type":"user","type":"platform"`, "type"},
		"names out of order":       {`"code":200,"ms":12`, `"ms":12,"code":200`, "code"},
		"a blank":                  {`"v":1`, `"v": 1`, ""},
		"another escape":           {`"req-1"`, `"\u0072eq-1"`, ""},
		"an escaped slash":         {`desk.example/audit`, `desk.example\/audit`, ""},
		"a long escape":            {`"req-1"`, `"\u000a"`, ""},
		"an escape in upper case":  {`"req-1"`, `"\u001F"`, ""},
		"a raw control character":  {`"req-1"`, "\"\n\"", ""},
		"a fraction":               {`"ms":12`, `"ms":12.0`, ""},
		"an exponent":              {`"ms":12`, `"ms":12e0`, ""},
		"a leading zero":           {`"ms":12`, `"ms":012`, ""},
		"a plus sign":              {`"ms":12`, `"ms":+12`, ""},
		"a negative number":        {`"ms":12`, `"ms":-12`, ""},
		"a number of 2^53":         {`"ms":12`, `"ms":9007199254740992`, ""},
		"a number beyond 64 bits":  {`"ms":12`, `"ms":99999999999999999999`, ""},
		"a code beyond an int":     {`"code":200`, `"code":9007199254740991`, "none"},
		"no number":                {`"ms":12,`, ``, ""},
		"null":                     {`"policy":"42"`, `"policy":null`, ""},
		"true":                     {`"policy":"42"`, `"policy":true`, ""},
		"an empty string":          {`"policy":"42"`, `"policy":""`, ""},
		"an empty list":            {`"amr":["pwd","otp"]`, `"amr":[]`, ""},
		"roles out of order":       {`["auditor","platform_admin"]`, `["platform_admin","auditor"]`, ""},
		"a role twice":             {`["auditor","platform_admin"]`, `["auditor","auditor","platform_admin"]`, ""},
		"a string for a list":      {`"amr":["pwd","otp"]`, `"amr":"pwd"`, "actor.amr"},
		"a list for a string":      {`"policy":"42"`, `"policy":["42"]`, "action.policy"},
		"a number for a string":    {`["pwd","otp"]`, `["pwd",1]`, "actor.amr[1]"},
		"a string for an object":   {`"label":{}`, `"label":""`, "change.label"},
		"an unknown enumeration":   {`"op":"http"`, `"op":"grpc"`, "action.op"},
		"another zone":             {`07.000089Z`, `07.000089+00:00`, "time"},
		"a time without fraction":  {`07.000089Z`, `07Z`, "time"},
		"a time with a comma":      {`07.000089Z`, `07,000089Z`, ""},
		"invalid UTF-8":            {`"req-1"`, "\"\xff\"", ""},
		"a surrogate as UTF-8":     {`"req-1"`, "\"\xed\xa0\x80\"", ""},
		"an escaped surrogate":     {`"req-1"`, `"\ud83d\ude00"`, ""},
		"values and commitments":   {`"new":["call:barge:all","report:read:all"]`, `"committed":{"new":"` + strings.Repeat("A", 43) + `"},"new":["call:barge:all","report:read:all"]`, "change.permissions"},
		"a value and a commitment": {`"label":{}`, `"label":{"committed":{"new":"` + strings.Repeat("A", 43) + `"},"new":["a"]}`, "change.label"},
		"an empty commitment":      {`"label":{}`, `"label":{"committed":{}}`, ""},
		"a loose last commitment":  {`"label":{}`, `"label":{"committed":{"new":"` + strings.Repeat("A", 42) + `B"}}`, "change.label.new"},
		"a hostile name":           {`"v":1`, "\"v\":1,\"\\n\u2028\":1", `\n\u2028`},
		"a missing comma":          {`,"v":1`, `"v":1`, ""},
		"a trailing comma":         {`"v":1}`, `"v":1,}`, ""},
		"a missing colon":          {`"v":1`, `"v"1`, ""},
		"a missing end":            {`"v":1}`, `"v":1`, ""},
		"a second object":          {`"v":1}`, `"v":1}{}`, ""},
		"a newline at the end":     {`"v":1}`, "\"v\":1}\n", ""},
		"a byte order mark":        {`{"action"`, "\ufeff{\"action\"", ""},
		"deep nesting":             {`"label":{}`, `"label":{"committed":{"new":[["x"]]}}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			bad := strings.Replace(string(good), c.old, c.new, 1)
			if bad == string(good) {
				t.Fatalf("%q is not in %s", c.old, good)
			}
			_, err := trail.Parse([]byte(bad))
			if c.field == "none" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wantField(t, err, c.field)
		})
	}
}

func TestParseRefusesWhatIsNoRecord(t *testing.T) {
	for _, in := range []string{
		"", "null", "[]", `""`, "0", "{", "{}", `{"v":1}`, `{"v"`, `{"v":`, `{"v":1,`, `{"a":[`, `{"a":["b`, `{"a":["b"`, `{"a":"\`, `{"a":"\u00`,
		strings.Repeat(`{"a":`, 100_000), strings.Repeat("[", trail.MaxRecord), `{"a":` + strings.Repeat("[", trail.MaxRecord-5),
		"{" + strings.Repeat(" ", trail.MaxRecord) + "}",
	} {
		if _, err := trail.Parse([]byte(in)); err == nil {
			t.Errorf("%.40q was accepted", in)
		}
	}
}

// Whatever a record holds, what is said about it is one short line.
func TestErrorsAreOneShortLine(t *testing.T) {
	for _, in := range []string{
		`{"` + strings.Repeat("x", 5000) + `":1}`,
		`{"\n":1}`,
		`{"action":{"op":"\n` + strings.Repeat("y", 5000) + `"},"v":1}`,
	} {
		_, err := trail.Parse([]byte(in))
		if err == nil {
			t.Fatalf("%.40q was accepted", in)
		}
		if s := err.Error(); len(s) > 400 || strings.ContainsAny(s, "\r\n") {
			t.Errorf("the error is %q", s)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, r := range []trail.Record{roleUpdate(f), refusal(), hostile()} {
		b, err := r.Encode()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`{"v":1,"v":1}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		r, err := trail.Parse(in)
		if err != nil {
			return
		}
		again, err := r.Encode()
		if err != nil {
			t.Fatalf("%q was parsed and cannot be encoded: %v", in, err)
		}
		if string(again) != string(in) {
			t.Fatalf("%q was parsed and encodes to %q", in, again)
		}
		if canonical(t, in) != string(in) {
			t.Fatalf("%q is not canonical JSON", in)
		}
	})
}
