package tenant_test

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/tenant"
)

// seen are names that people have, and unseen those that look like others or like nothing.
var (
	seen = []string{
		"客服部", "R&D (2)", "نمونه\u200cها", "ക്\u200dഷ", "葛\U000e0100城", "❤\ufe0f\u200d🔥", "a\u0301", "\u0601٢",
	}
	unseen = []string{
		"\u3164", "\u2800", "Sales\u200b", "Sales\u2060x", "\ufeffSales", "Sa\u00adles", "Sales\u200d", "\u200cSales", "Sales\u200d team",
		"Sales\ufe0f\ufe0f", "Sales \ufe0f", "\u202eselaS", "\u2066Sales\u2069", "Sales\u200f", "Sales\u061c", "Sa\u034fles", "Sales\u2028x",
		"Sales\U000e0041", "Sales\u115f", "Sales\uffa0",
	}
)

func TestNamesAreSeenAsTheyAre(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		g := grow(s)
		for _, name := range seen {
			made := g.admin.Do("POST", "/v1/departments", map[string]any{"name": name}).Expect(201)
			if made.String("name") != name {
				t.Errorf("%q became %q", name, made.String("name"))
			}
		}
		for _, name := range unseen {
			g.admin.Do("POST", "/v1/departments", map[string]any{"name": name}).Refused(422, "invalid_request")
			patch(g.admin, "/v1/departments/"+g.a, g.etag(g.a), map[string]any{"name": name}).Refused(422, "invalid_request")
			patch(g.admin, "/v1/settings", g.admin.Do("GET", "/v1/settings", nil).ETag(), map[string]any{"name": name}).Refused(422, "invalid_request")
		}
	})
}

// Whatever stands in a name that is taken, something is seen without it, and nothing in it turns the
// text around.
func TestNoNameIsInvisible(t *testing.T) {
	odd := rapid.StringOf(rapid.RuneFrom([]rune("ab \u200c\u200d\ufe0f\u3164\u202e"), unicode.Cf, unicode.Variation_Selector,
		unicode.Other_Default_Ignorable_Code_Point, unicode.Letter, unicode.Zs))
	rapid.Check(t, func(t *rapid.T) {
		name := strings.TrimSpace(odd.Draw(t, "name"))
		if tenant.CheckName("name", name) != nil {
			return
		}
		if strings.ContainsFunc(name, func(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }) {
			t.Fatalf("%q turns around", name)
		}
		if strings.TrimFunc(name, func(r rune) bool { return tenant.Unseen(r) || unicode.IsSpace(r) }) == "" {
			t.Fatalf("%q cannot be seen", name)
		}
	})
}
