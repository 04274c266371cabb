package session

import (
	"strings"
	"testing"
)

// FuzzParseBrowser takes whatever a cookie may hold. What shows anything is written in one way only, and
// shows no more than a browser is known for.
func FuzzParseBrowser(f *testing.F) {
	f.Add(browser{random()}.text())
	f.Add(browser{random(), random()}.with(random()).text())
	f.Add(strings.Repeat("A", 43) + "\n")
	f.Add(strings.Repeat("A", 42) + "B")
	f.Add(strings.Repeat(strings.Repeat("A", 43)+".", 9))
	f.Fuzz(func(t *testing.T, text string) {
		b := parseBrowser(text)
		if len(b) > devicesShown || b != nil && b.text() != text {
			t.Errorf("%q is read as %d secrets, %q", text, len(b), b.text())
		}
		next := b.with(random())
		if len(next) > devicesShown || len(next) < min(len(b)+1, devicesShown) || len(parseBrowser(next.text())) != len(next) {
			t.Errorf("%d secrets and one more are %d", len(b), len(next))
		}
	})
}
