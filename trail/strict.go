package trail

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// value is what a record's JSON is made of: an object, an array, a string or an integer.
type value struct {
	kind    byte // '{', '[', '"' or '0'
	text    string
	number  int64
	members []member
	items   []value
}

type member struct {
	name  string
	value value
}

// maxDepth is that of a commitment to a changed value, which stands in the record, its change, the field, committed.
const maxDepth = 5

// scanner reads canonical JSON and nothing else: no blanks, no escapes but those the canonical form writes, names
// in ascending order, and therefore none twice. encoding/json would take the last of two equal names, and would
// take "ID" for "id", so that two readers could see two different records in the same bytes.
type scanner struct {
	in string
	at int
}

// scan reads all of in as one object.
func scan(in string) (value, error) {
	s := scanner{in: in}
	if !utf8.ValidString(in) {
		return value{}, &Error{Problem: "is not valid UTF-8"}
	}
	if !strings.HasPrefix(in, "{") {
		return value{}, s.wrong("an object")
	}
	v, err := s.value(1)
	if err == nil && s.at != len(in) {
		return value{}, s.wrong("the end")
	}
	return v, err
}

func (s *scanner) wrong(expected string) error {
	return &Error{Problem: fmt.Sprintf("is not canonical JSON: byte %d should be %s", s.at, expected)}
}

// eat steps over b if it is next.
func (s *scanner) eat(b byte) bool {
	if s.at < len(s.in) && s.in[s.at] == b {
		s.at++
		return true
	}
	return false
}

func (s *scanner) value(depth int) (value, error) {
	if depth > maxDepth {
		return value{}, &Error{Problem: "is nested too deep"}
	}
	switch {
	case s.eat('{'):
		return s.object(depth)
	case s.eat('['):
		return s.array(depth)
	case s.eat('"'):
		text, err := s.text()
		return value{kind: '"', text: text}, err
	}
	return s.integer()
}

func (s *scanner) object(depth int) (value, error) {
	v := value{kind: '{'}
	if s.eat('}') {
		return v, nil
	}
	for {
		m, err := s.member(depth)
		if err != nil {
			return v, err
		}
		if n := len(v.members); n > 0 && v.members[n-1].name >= m.name {
			return v, &Error{Field: printable(m.name), Problem: "stands twice or out of order"}
		}
		v.members = append(v.members, m)
		if s.eat('}') {
			return v, nil
		}
		if !s.eat(',') {
			return v, s.wrong("a comma or }")
		}
	}
}

func (s *scanner) member(depth int) (member, error) {
	if !s.eat('"') {
		return member{}, s.wrong("a name")
	}
	name, err := s.text()
	if err != nil {
		return member{}, err
	}
	if !s.eat(':') {
		return member{}, s.wrong("a colon")
	}
	v, err := s.value(depth + 1)
	return member{name: name, value: v}, err
}

func (s *scanner) array(depth int) (value, error) {
	v := value{kind: '['}
	if s.eat(']') {
		return v, nil
	}
	for {
		item, err := s.value(depth + 1)
		if err != nil {
			return v, err
		}
		v.items = append(v.items, item)
		if s.eat(']') {
			return v, nil
		}
		if !s.eat(',') {
			return v, s.wrong("a comma or ]")
		}
	}
}

// text reads a string whose opening quote has been eaten.
func (s *scanner) text() (string, error) {
	var b strings.Builder
	for s.at < len(s.in) {
		switch c := s.in[s.at]; {
		case c == '"':
			s.at++
			return b.String(), nil
		case c == '\\':
			plain, err := s.escape()
			if err != nil {
				return "", err
			}
			b.WriteByte(plain)
		case c < 0x20:
			return "", s.wrong("escaped")
		default:
			b.WriteByte(c)
			s.at++
		}
	}
	return "", s.wrong("a quote")
}

// escape reads an escape by trying the ones that exist: the canonical form has one spelling for each of 34 bytes.
func (s *scanner) escape() (byte, error) {
	rest := s.in[s.at:]
	for _, b := range []byte("\"\\\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f" +
		"\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f") {
		if written := appendEscaped(nil, b); strings.HasPrefix(rest, string(written)) {
			s.at += len(written)
			return b, nil
		}
	}
	return 0, s.wrong("an escape of RFC 8785")
}

// integer reads a whole number from 0 to 2^53-1, written in the one way there is.
func (s *scanner) integer() (value, error) {
	end := s.at
	for end < len(s.in) && s.in[end] >= '0' && s.in[end] <= '9' {
		end++
	}
	digits := s.in[s.at:end]
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n > maxInteger || len(digits) > 1 && digits[0] == '0' {
		return value{}, s.wrong("an object, an array, a string or an integer below 2^53")
	}
	s.at = end
	return value{kind: '0', number: n}, nil
}
