package identity

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
)

// FuzzLinks: whatever a stranger sends as a link is refused, or names one tenant and one link, and
// then says exactly what was sent.
func FuzzLinks(f *testing.F) {
	secret := base64.RawURLEncoding.EncodeToString(make([]byte, secretSize))
	id := "0198c0de-0000-7000-8000-000000000000"
	f.Add("https://desk.example/link#" + id + "." + id + "." + secret)
	f.Add("platform." + id + "." + secret + "\n")
	f.Add("*." + id + "." + secret)
	f.Add("#..")
	f.Fuzz(func(t *testing.T, text string) {
		l, err := parseLink(text)
		if err != nil {
			if !errors.Is(err, errBadLink) {
				t.Fatal(err)
			}
			return
		}
		if len(l.id) != 36 || len(l.tenant) != 36 && l.tenant != "platform" || len(l.hash) != 32 {
			t.Fatalf("%q is taken for %+v", text, l)
		}
		if !strings.Contains(text, l.tenant+"."+l.id+".") {
			t.Fatalf("%q does not name %s of %s", text, l.id, l.tenant)
		}
	})
}
