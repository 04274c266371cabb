package identity

import (
	"errors"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/seal"
)

// FuzzLinks: whatever a stranger sends as a link is refused, or names one tenant and one link, and
// then says exactly what was sent.
func FuzzLinks(f *testing.F) {
	secret := seal.NewOpaque("platform", "0198c0de-0000-7000-8000-000000000000").Text()
	f.Add("https://desk.example/link#" + secret)
	f.Add(secret + "\n")
	f.Add("*" + secret)
	f.Add("#..")
	f.Fuzz(func(t *testing.T, text string) {
		l, err := parseLink(text)
		if err != nil {
			if !errors.Is(err, ErrBadLink) {
				t.Fatal(err)
			}
			return
		}
		if !strings.HasSuffix(strings.TrimSpace(text), l.Text()) {
			t.Fatalf("%q is taken for %q", text, l.Text())
		}
	})
}
