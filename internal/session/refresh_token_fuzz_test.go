package session

import (
	"strings"
	"testing"
)

// FuzzParseRefreshToken takes whatever a cookie may hold. What is taken for a token is written in one way only, so
// that its hash is that of what was sent.
func FuzzParseRefreshToken(f *testing.F) {
	r := row{id: "0190-s"}
	f.Add(r.newFamily("acme").text())
	f.Add("acme.s." + strings.Repeat("A", 64) + "\n")
	f.Add("acme.s." + strings.Repeat("=", 64))
	f.Add("a..b")
	f.Fuzz(func(t *testing.T, text string) {
		token, ok := parseRefreshToken(text)
		if !ok {
			return
		}
		if token.text() != text {
			t.Errorf("%q is read as %q", text, token.text())
		}
	})
}
