package api_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/api"
)

// FuzzStrictJSON holds what the API takes against readers of JSON that see things differently where
// they may: of two names the first or the last, with or without regard to case, numbers exactly or
// as floats. What is taken must read the same to all of them.
func FuzzStrictJSON(f *testing.F) {
	for _, seed := range []string{
		`{"name":"a","name":"b"}`, `{"name":"a","NAME":"b"}`, `{"k":1,"\u212a":2}`, `["\ud800"]`, `["\ud83d\ude00"]`, `[1e400, 1.5, -0, 9007199254740993]`,
		`{"a":{"b":[null,true,false,""]}}`, "\ufeff1", "\"\xff\"", `[[[[1]]]]`, `{} {}`, `{"a":1,}`, `"\u0000"`, `[01]`, `{"ß":1,"SS":2}`,
	} {
		f.Add([]byte(seed))
	}
	a := api.New(config())
	op := complete()
	op.Access, op.Tenant, op.Path = api.Anyone("it is a test"), api.Named, "/v1/anything"
	op.Limit = api.Small
	api.Register(a, op, anything)
	f.Fuzz(func(t *testing.T, body []byte) {
		w := serve(a, op.Method, op.Path, string(body))
		if w.Code == 422 || len(body) == 0 {
			return
		}
		if w.Code != 200 {
			t.Fatalf("%d for %q: %s", w.Code, body, w.Body)
		}
		used := decoded(t, w.Body.Bytes())
		if diff := cmp.Diff(used, decoded(t, body)); diff != "" {
			t.Errorf("%q is used otherwise than the standard library reads it:\n%s", body, diff)
		}
		for _, reader := range []naiveReader{{}, {firstWins: true}, {foldCase: true}, {firstWins: true, foldCase: true}} {
			reader.in = string(body)
			got, err := reader.read()
			if err != nil {
				t.Fatalf("%q was taken and a reader %+v refuses it: %v", body, reader, err)
			}
			if want := folded(used, reader.foldCase); !cmp.Equal(want, got) {
				t.Errorf("%q is read differently:\n%s", body, cmp.Diff(want, got))
			}
		}
	})
}

// decoded is what the standard library reads, exact numbers as text.
func decoded(t *testing.T, body []byte) (v any) {
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%q: %v", body, err)
	}
	return normal(v)
}

// normal writes numbers in one way.
func normal(v any) any {
	switch v := v.(type) {
	case json.Number:
		return number(string(v))
	case []any:
		for i := range v {
			v[i] = normal(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = normal(v[name])
		}
	}
	return v
}

// number is exact, whatever the notation.
func number(text string) string {
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return "not a number: " + text
	}
	return r.RatString()
}

// folded is v with names in lower case, as a reader without regard to case has them.
func folded(v any, fold bool) any {
	if !fold {
		return v
	}
	switch v := v.(type) {
	case []any:
		list := []any{}
		for _, item := range v {
			list = append(list, folded(item, true))
		}
		return list
	case map[string]any:
		object := map[string]any{}
		for name, value := range v {
			object[strings.ToLower(name)] = folded(value, true)
		}
		return object
	}
	return v
}

// naiveReader is another program's reader of JSON: forgiving, and settled in its own habits.
type naiveReader struct {
	in                  string
	firstWins, foldCase bool
}

func (r *naiveReader) read() (v any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("at %q: %v", r.in, p)
		}
	}()
	v = r.value()
	if r.skip(); r.in != "" {
		return nil, fmt.Errorf("more follows: %q", r.in)
	}
	return v, nil
}

func (r *naiveReader) skip() { r.in = strings.TrimLeft(r.in, " \t\r\n") }

// eat steps over a token if it comes next.
func (r *naiveReader) eat(token string) bool {
	r.skip()
	rest, found := strings.CutPrefix(r.in, token)
	if found {
		r.in = rest
	}
	return found
}

func (r *naiveReader) value() any {
	switch {
	case r.eat("{"):
		return r.object()
	case r.eat("["):
		return r.array()
	case r.eat(`"`):
		return r.text()
	case r.eat("null"):
		return nil
	case r.eat("true"):
		return true
	case r.eat("false"):
		return false
	}
	end := strings.IndexFunc(r.in, func(c rune) bool { return !strings.ContainsRune("+-.0123456789eE", c) })
	if end < 0 {
		end = len(r.in)
	}
	digits := r.in[:end]
	r.in = r.in[end:]
	// As a float, as JavaScript reads it.
	float, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		panic(err)
	}
	return number(strconv.FormatFloat(float, 'f', -1, 64))
}

func (r *naiveReader) object() any {
	object := map[string]any{}
	for !r.eat("}") {
		if !r.eat(`"`) {
			panic("no name")
		}
		name := r.text()
		if r.foldCase {
			name = strings.ToLower(name)
		}
		r.eat(":")
		value := r.value()
		if _, seen := object[name]; !seen || !r.firstWins {
			object[name] = value
		}
		r.eat(",")
	}
	return object
}

func (r *naiveReader) array() any {
	list := []any{}
	for !r.eat("]") {
		list = append(list, r.value())
		r.eat(",")
	}
	return list
}

// text reads up to the closing quote, bytes as they are, surrogates as they come.
func (r *naiveReader) text() string {
	var b strings.Builder
	for r.in[0] != '"' {
		if r.in[0] != '\\' {
			b.WriteByte(r.in[0])
			r.in = r.in[1:]
			continue
		}
		letter := r.in[1]
		r.in = r.in[2:]
		if letter != 'u' {
			b.WriteByte(map[byte]byte{'n': '\n', 't': '\t', 'r': '\r', 'b': '\b', 'f': '\f', '"': '"', '\\': '\\', '/': '/'}[letter])
			continue
		}
		c := r.unit()
		if utf16.IsSurrogate(c) && strings.HasPrefix(r.in, `\u`) {
			r.in = r.in[2:]
			c = utf16.DecodeRune(c, r.unit())
		}
		b.WriteRune(c)
	}
	r.in = r.in[1:]
	return b.String()
}

// unit reads four hexadecimal digits.
func (r *naiveReader) unit() rune {
	n, err := strconv.ParseUint(r.in[:4], 16, 16)
	if err != nil {
		panic(err)
	}
	r.in = r.in[4:]
	return rune(n)
}
