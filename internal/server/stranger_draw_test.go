package server_test

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"pgregory.net/rapid"
)

// drawing draws what is sent to one operation: what its description asks for, what is nearly that, and what is nothing of
// the kind.
type drawing struct {
	*rapid.T
	described *openapi3.Operation
	words     []string // what means something to the server, such as ids
	places    []string // likewise, where it stands in a path: nothing that others need
}

// odd are texts that programs have stumbled over. That of a byte which is no UTF-8 goes into paths and bodies alone.
var odd = []string{
	"0", "-1", "9223372036854775808", "1e400", "NaN", "null", "true", "[]", "{}", " ", "%", "%00", "..", "a/b", "../../etc/passwd", "'; DROP TABLE users; --",
	"=1+1", "Ａｄｍｉｎ", "\u202eadmin", "a\x00b", "a\nb", "\ufeffname", "\U0001f469\u200d\U0001f4bb", "\xff\xfe", "e\u0301", "*", "*:*:all", "W/\"1\"", "\"1\"",
	"0001-01-01T00:00:00Z", "2026-02-30", "9999-12-31T23:59:60+99:99", strings.Repeat("a", 300), strings.Repeat("语", 5000),
}

// chance is true at most so many times in a hundred. Small numbers are drawn more often, and what fails is made small: they
// stand for the ordinary.
func (d drawing) chance(percent int) bool {
	return rapid.IntRange(1, 100).Draw(d.T, "chance") > 100-percent
}

func (d drawing) oneOf(texts []string) string { return rapid.SampledFrom(texts).Draw(d.T, "text") }

// text is one that means something, or an odd one.
func (d drawing) text() string {
	if d.chance(60) {
		return d.oneOf(odd)
	}
	return d.oneOf(d.words)
}

// place fills in a path: with what the operation is about, or with anything.
func (d drawing) place(path string, about map[string]string) string {
	var parts []string
	for part := range strings.SplitSeq(path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			value := about[strings.TrimSuffix(name, "}")]
			if value == "" || d.chance(15) {
				value = d.oneOf(slices.Concat(d.places, odd))
			}
			part = url.PathEscape(value)
			if part == ".." { // would be another path
				part = "%2E."
			}
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "/")
}

// query is what follows the path.
func (d drawing) query() string {
	values := url.Values{}
	for _, p := range d.described.Parameters {
		if p.Value.In == "query" && d.chance(30) {
			values.Add(p.Value.Name, d.plain(p.Value.Schema.Value))
			if d.chance(5) {
				values.Add(p.Value.Name, d.text())
			}
		}
	}
	values.Del("wait") // nobody has that much time
	if d.chance(5) {
		values.Add(d.text(), d.text())
	}
	query := values.Encode()
	if d.chance(3) {
		query += "&" + d.oneOf([]string{"%", "%zz", ";", "=", "&&", "limit", "limit=%00"})
	}
	if query == "" {
		return ""
	}
	return "?" + query
}

// plain is a value of a parameter.
func (d drawing) plain(schema *openapi3.Schema) string {
	if d.chance(30) {
		return d.text()
	}
	if text, ok := d.value(schema, 0).(string); ok {
		return text
	}
	text, _ := json.Marshal(d.value(schema, 0))
	return string(text)
}

// conditions are headers that say on what the call depends, some of them those that the operation asks for.
func (d drawing) conditions(good []string) (headers []string) {
	if !d.chance(10) {
		headers = slices.Clone(good)
	}
	for _, p := range d.described.Parameters {
		if p.Value.In == "header" && d.chance(15) {
			headers = append(headers, p.Value.Name, header(d.text()))
		}
	}
	if d.chance(10) {
		headers = append(headers, d.oneOf([]string{"Content-Type", "Accept", "Accept-Language", "Content-Encoding", "X-Forwarded-For", "Origin", "Range"}), header(d.text()))
	}
	return headers
}

// header is a text without what no client can send in one.
func header(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == '\x7f' {
			return '?'
		}
		return r
	}, text)
}

// content is a body: the good one or one made from the description, whole or damaged.
func (d drawing) content(good any) any {
	if d.described.RequestBody == nil {
		if d.chance(10) {
			return []byte(d.text())
		}
		return nil
	}
	if text, ok := good.(string); ok { // a file
		return d.damaged([]byte(text))
	}
	value := good
	if good == nil || d.chance(50) {
		if described := d.described.RequestBody.Value.Content.Get("application/json"); described != nil && described.Schema != nil {
			value = d.value(described.Schema.Value, 0)
		}
	}
	text, err := json.Marshal(value)
	if err != nil {
		d.Fatal(err)
	}
	if d.chance(50) {
		var tree any
		if err := json.Unmarshal(text, &tree); err != nil {
			d.Fatal(err)
		}
		text, _ = json.Marshal(d.twisted(tree))
	}
	return d.damaged(text)
}

// twisted is a value with something else somewhere in it.
func (d drawing) twisted(value any) any {
	switch v := value.(type) {
	case map[string]any:
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names)
		switch {
		case len(names) == 0 || d.chance(10):
			v[d.text()] = d.text()
		case d.chance(20):
			delete(v, d.oneOf(names))
		default:
			name := d.oneOf(names)
			v[name] = d.twisted(v[name])
		}
		return v
	case []any:
		if len(v) == 0 || d.chance(20) {
			return append(v, d.anything())
		}
		i := rapid.IntRange(0, len(v)-1).Draw(d.T, "which")
		v[i] = d.twisted(v[i])
		return v
	}
	return d.anything()
}

// anything is a value of any kind.
func (d drawing) anything() any {
	return rapid.SampledFrom([]any{
		nil, true, false, 0, -1, 1.5, 1e18, json.RawMessage("1e400"), json.RawMessage("-0"), "", d.text(), []any{}, []any{nil}, []any{d.text(), d.text()},
		map[string]any{}, map[string]any{"id": d.text()}, json.RawMessage(strings.Repeat("[", 600) + strings.Repeat("]", 600)),
	}).Draw(d.T, "anything")
}

// damaged are bytes that are seldom not what they were.
func (d drawing) damaged(text []byte) []byte {
	if !d.chance(15) {
		return text
	}
	at := rapid.IntRange(0, len(text)).Draw(d.T, "at")
	switch rapid.IntRange(0, 4).Draw(d.T, "damage") {
	case 0:
		return text[:at]
	case 1:
		return append(slices.Clone(text), text...)
	case 2:
		return slices.Concat(text[:at], []byte(d.oneOf(odd)), text[at:])
	case 3:
		return slices.Concat(text[:at], []byte{0xff, 0x00}, text[at:])
	}
	return []byte(d.oneOf(odd))
}

// value is one that a description allows, as far as it says.
func (d drawing) value(schema *openapi3.Schema, depth int) any {
	switch {
	case len(schema.Enum) > 0:
		return rapid.SampledFrom(schema.Enum).Draw(d.T, "enum")
	case len(schema.OneOf) > 0:
		return d.value(rapid.SampledFrom(schema.OneOf).Draw(d.T, "one of").Value, depth)
	case schema.Type == nil || depth > 5:
		return nil
	}
	switch kind := rapid.SampledFrom(schema.Type.Slice()).Draw(d.T, "kind"); kind {
	case "object":
		return d.object(schema, depth)
	case "array":
		list := []any{}
		for range rapid.IntRange(int(schema.MinItems), int(schema.MinItems)+2).Draw(d.T, "items") {
			list = append(list, d.value(schema.Items.Value, depth+1))
		}
		return list
	case "boolean":
		return rapid.Bool().Draw(d.T, "boolean")
	case "integer", "number":
		return d.number(schema)
	case "null":
		return nil
	}
	return d.phrase(schema)
}

func (d drawing) object(schema *openapi3.Schema, depth int) any {
	object := map[string]any{}
	names := make([]string, 0, len(schema.Properties))
	for name := range schema.Properties {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if slices.Contains(schema.Required, name) || d.chance(40) {
			object[name] = d.value(schema.Properties[name].Value, depth+1)
		}
	}
	return object
}

func (d drawing) number(schema *openapi3.Schema) any {
	low, high := -1, 1000
	if schema.Min != nil {
		low = int(*schema.Min)
	}
	if schema.Max != nil {
		high = int(*schema.Max)
	}
	return rapid.SampledFrom([]int{low, high, min(low+1, high)}).Draw(d.T, "number")
}

// phrase is a text of the described length and format.
func (d drawing) phrase(schema *openapi3.Schema) string {
	switch schema.Format {
	case "date-time":
		return d.oneOf([]string{"2026-11-22T08:00:00Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999999+08:00"})
	case "date":
		return d.oneOf([]string{"2026-11-22", "1970-01-01", "9999-12-31"})
	}
	text := []rune(strings.ToValidUTF8(d.text(), "?"))
	for uint64(len(text)) < schema.MinLength {
		text = append(text, 'x')
	}
	if schema.MaxLength != nil && uint64(len(text)) > *schema.MaxLength {
		text = text[:*schema.MaxLength]
	}
	return string(text)
}
