package access_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/usher-desk/usher/access"
)

func FuzzParse(f *testing.F) {
	var vectors []struct{ Input string }
	read(f, "grammar.json", &vectors)
	for _, v := range vectors {
		f.Add(v.Input)
	}
	f.Fuzz(func(t *testing.T, input string) {
		p, err := access.Parse(input)
		if err != nil {
			var syntax *access.SyntaxError
			if !errors.As(err, &syntax) || syntax.Position < 0 || syntax.Position > len(input) || syntax.Expected == "" {
				t.Fatalf("%q: %#v", input, err)
			}
			return
		}
		canonical := p.String()
		if again, err := access.Parse(canonical); err != nil || again != p || again.String() != canonical {
			t.Fatalf("%q is read as %v, and that as %v, %v", input, p, again, err)
		}
		if parts := strings.Split(canonical, ":"); len(parts) != 3 || len(canonical) > 2*64+len("::unassigned") {
			t.Fatalf("%q has the canonical form %q", input, canonical)
		}
		if !p.Subsumes(p) || !access.MustParse("*").Subsumes(p) {
			t.Fatalf("%v is not subsumed by itself and everything", p)
		}
	})
}
