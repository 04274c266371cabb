package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// What a body may be made of. Nothing in this API comes near these bounds.
const (
	maxDepth   = 16
	maxValues  = 10_000
	maxInteger = 1<<53 - 1 // what every reader of JSON keeps exactly (RFC 7493, section 2.2)
)

// CheckJSON refuses what two readers of JSON may read differently, so that what was validated is
// what is used: names that stand twice or differ in case alone, invalid UTF-8, NUL and halves of
// characters in text, numbers that are no exact integers, deep nesting, more than one value.
// encoding/json by itself takes the last of two names, in any case, and mends text.
func CheckJSON(data []byte) error { return CheckLongJSON(data, maxValues) }

// CheckLongJSON is [CheckJSON] for what may hold so many values.
func CheckLongJSON(data []byte, values int) error {
	if !utf8.Valid(data) {
		return fault.ErrInvalid.At("body", "is not valid UTF-8")
	}
	c := jsonCheck{decoder: json.NewDecoder(bytes.NewReader(data)), most: values, left: values}
	c.decoder.UseNumber()
	if err := c.value("body", 0); err != nil {
		return err
	}
	if _, err := c.decoder.Token(); err != io.EOF {
		return fault.ErrInvalid.At("body", "holds more than one JSON value")
	}
	return nil
}

// jsonCheck walks one body.
type jsonCheck struct {
	decoder *json.Decoder
	most    int // how many values there may be
	left    int // how many more
}

func (c *jsonCheck) value(place string, depth int) error {
	if c.left--; c.left < 0 {
		return fault.ErrInvalid.At("body", "holds more than %d values", c.most)
	}
	if depth > maxDepth {
		return fault.ErrInvalid.At(place, "is nested too deeply")
	}
	token, err := c.token(place)
	if err != nil {
		return err
	}
	switch t := token.(type) {
	case string:
		return checkText(t, place)
	case json.Number:
		return checkNumber(t, place)
	case json.Delim:
		if t == '{' {
			return c.object(place, depth)
		}
		return c.array(place, depth)
	}
	return nil
}

// maxName bounds names before they are folded, which can make some of them eleven times as long. No
// field of this API has a name of more than 32.
const maxName = 128

func (c *jsonCheck) object(place string, depth int) error {
	seen := map[string]bool{}
	for c.decoder.More() {
		token, err := c.token(place)
		if err != nil {
			return err
		}
		name, _ := token.(string) // the decoder takes nothing else here
		if err := checkText(name, place); err != nil {
			return err
		}
		if len(name) > maxName {
			return fault.ErrInvalid.At(place, "has a name of more than %d bytes", maxName)
		}
		key := store.Fold(name)
		if seen[key] {
			return fault.ErrInvalid.At(place, "has a name twice, or twice but for its case")
		}
		seen[key] = true
		if err := c.value(shortened(place+"."+shortened(name, 64), 128), depth+1); err != nil {
			return err
		}
	}
	_, err := c.token(place) // the closing bracket
	return err
}

func (c *jsonCheck) array(place string, depth int) error {
	for i := 0; c.decoder.More(); i++ {
		if err := c.value(fmt.Sprintf("%s[%d]", place, i), depth+1); err != nil {
			return err
		}
	}
	_, err := c.token(place)
	return err
}

func (c *jsonCheck) token(place string) (json.Token, error) {
	token, err := c.decoder.Token()
	if err != nil {
		return nil, fault.ErrInvalid.At(place, "is not valid JSON")
	}
	return token, nil
}

// checkText refuses NUL, which PostgreSQL cannot store, and the replacement character, which is
// what a decoder makes of half a surrogate pair.
func checkText(s, place string) error {
	if strings.ContainsAny(s, "\x00\uFFFD") {
		return fault.ErrInvalid.At(place, "holds a character that is not allowed")
	}
	return nil
}

func checkNumber(n json.Number, place string) error {
	if v, err := strconv.ParseInt(n.String(), 10, 64); err != nil || v > maxInteger || v < -maxInteger {
		return fault.ErrInvalid.At(place, "is not an integer below 2^53")
	}
	return nil
}
