package trail

import "strconv"

// maxInteger is the largest integer that every JSON reader keeps exactly (RFC 8785, section 3.2.2.3).
const maxInteger = 1<<53 - 1

// writer builds canonical JSON (RFC 8785) of objects, arrays, strings and integers. encoding/json is no help: it
// escapes <, >, & and U+2028, which the canonical form leaves alone. Members must be written in ascending order.
type writer struct{ buf []byte }

func (w *writer) open(b byte)  { w.buf = append(w.buf, b) }
func (w *writer) close(b byte) { w.buf = append(w.buf, b) }

// next writes the comma before everything but the first member or element.
func (w *writer) next() {
	if last := w.buf[len(w.buf)-1]; last != '{' && last != '[' && last != ':' {
		w.buf = append(w.buf, ',')
	}
}

// name begins a member; its value follows.
func (w *writer) name(s string) {
	w.next()
	w.quote(s)
	w.buf = append(w.buf, ':')
}

// text writes a member, and nothing for an empty string.
func (w *writer) text(name, s string) {
	if s != "" {
		w.name(name)
		w.quote(s)
	}
}

func (w *writer) number(name string, n int64) {
	w.name(name)
	w.buf = strconv.AppendInt(w.buf, n, 10)
}

// texts writes a member that is an array of strings, also an empty one.
func (w *writer) texts(name string, list []string) {
	w.name(name)
	w.open('[')
	for _, s := range list {
		w.next()
		w.quote(s)
	}
	w.close(']')
}

// quote writes a string with the escapes of RFC 8785, section 3.2.2.2, and no others. What goes in is valid UTF-8.
func (w *writer) quote(s string) {
	w.buf = append(w.buf, '"')
	for i := range len(s) {
		w.buf = appendEscaped(w.buf, s[i])
	}
	w.buf = append(w.buf, '"')
}

// appendEscaped writes one byte of a string. Only ASCII is ever escaped, so bytes of longer characters pass.
func appendEscaped(buf []byte, b byte) []byte {
	if short, ok := shortEscape(b); ok {
		return append(buf, '\\', short)
	}
	if b < 0x20 {
		return append(buf, '\\', 'u', '0', '0', hexDigits[b>>4], hexDigits[b&15])
	}
	return append(buf, b)
}

const hexDigits = "0123456789abcdef"

// shortEscape returns the letter that stands for b after a backslash.
func shortEscape(b byte) (letter byte, ok bool) {
	switch b {
	case '"', '\\':
		return b, true
	case '\b':
		return 'b', true
	case '\t':
		return 't', true
	case '\n':
		return 'n', true
	case '\f':
		return 'f', true
	case '\r':
		return 'r', true
	}
	return 0, false
}
