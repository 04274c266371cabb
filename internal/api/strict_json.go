package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
)

// jsonFormat reads JSON strictly: encoding/json takes the last of two equal names and mends invalid
// UTF-8, so that what was validated and what is used could differ.
var jsonFormat = huma.Format{
	Marshal: func(w io.Writer, v any) error {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		return e.Encode(v)
	},
	Unmarshal: func(data []byte, v any) error {
		if err := checkJSON(data); err != nil {
			return err
		}
		return json.Unmarshal(data, v)
	},
}

// maxDepth bounds nesting; nothing in this API is deeper than four.
const maxDepth = 16

// textError is JSON that no reader should accept, with the place where it stops being acceptable.
type textError struct{ place, message string }

func (e *textError) Error() string { return e.place + " " + e.message }

// checkJSON refuses what encoding/json lets pass: names given twice, invalid UTF-8, NUL in text,
// more than one value, deep nesting.
func checkJSON(data []byte) error {
	if !utf8.Valid(data) {
		return &textError{"", "is not valid UTF-8"}
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := checkValue(d, "", 0); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return &textError{"", "holds more than one JSON value"}
	}
	return nil
}

func checkValue(d *json.Decoder, place string, depth int) error {
	if depth > maxDepth {
		return &textError{place, "is nested too deeply"}
	}
	token, err := d.Token()
	if err != nil {
		return &textError{place, "is not valid JSON"}
	}
	switch t := token.(type) {
	case string:
		return checkText(t, place)
	case json.Delim:
		if t == '{' {
			return checkObject(d, place, depth)
		}
		return checkArray(d, place, depth)
	}
	return nil
}

func checkObject(d *json.Decoder, place string, depth int) error {
	seen := map[string]bool{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return &textError{place, "is not valid JSON"}
		}
		name, _ := token.(string)
		if seen[name] {
			return &textError{place, "has a name twice"}
		}
		seen[name] = true
		if err := checkText(name, place); err != nil {
			return err
		}
		if err := checkValue(d, place+"."+shortened(name), depth+1); err != nil {
			return err
		}
	}
	return endOf(d, place)
}

func checkArray(d *json.Decoder, place string, depth int) error {
	for i := 0; d.More(); i++ {
		if err := checkValue(d, fmt.Sprintf("%s[%d]", place, i), depth+1); err != nil {
			return err
		}
	}
	return endOf(d, place)
}

// endOf consumes the closing bracket.
func endOf(d *json.Decoder, place string) error {
	if _, err := d.Token(); err != nil {
		return &textError{place, "is not valid JSON"}
	}
	return nil
}

// checkText refuses NUL, which PostgreSQL cannot store, and the replacement character, which is
// what a decoder makes of half a surrogate pair.
func checkText(s, place string) error {
	if strings.ContainsAny(s, "\x00\uFFFD") {
		return &textError{place, "holds a character that is not allowed"}
	}
	return nil
}

// shortened keeps a name that a stranger chose from filling the answer.
func shortened(name string) string {
	if len(name) > 64 {
		return "…"
	}
	return name
}
