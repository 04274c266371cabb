package seal_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/seal"
)

func TestOpaqueIsReadAsItWasMade(t *testing.T) {
	made := seal.NewOpaque("acme", "0190-s")
	read, ok := seal.ParseOpaque(made.Text(), seal.OpaqueSize)
	if diff := cmp.Diff(made, read); !ok || diff != "" {
		t.Errorf("read %t (-made +read):\n%s", ok, diff)
	}
	if !read.Matches(made.Hash()) {
		t.Error("it does not match its hash")
	}
}

func TestOpaqueMatchesItsHashAlone(t *testing.T) {
	one, two := seal.NewOpaque("acme", "a"), seal.NewOpaque("acme", "a")
	for what, hash := range map[string][]byte{"another's": two.Hash(), "none": nil, "the secret itself": one.Secret} {
		if one.Matches(hash) {
			t.Errorf("%s matches", what)
		}
	}
}

func TestOpaqueIsRefusedInAnyOtherForm(t *testing.T) {
	secret := strings.Repeat("A", 43)
	for name, text := range map[string]string{
		"nothing":             "",
		"two parts":           "acme." + secret,
		"four parts":          "acme.a.b." + secret,
		"no tenant":           ".a." + secret,
		"no id":               "acme.." + secret,
		"a tenant like *":     "*.a." + secret,
		"capitals in a name":  "Acme.a." + secret,
		"a long name":         strings.Repeat("a", 65) + ".a." + secret,
		"a shorter secret":    "acme.a." + secret[1:],
		"a longer secret":     "acme.a." + secret + "A",
		"padding":             "acme.a." + secret + "=",
		"bits that are left":  "acme.a." + secret[1:] + "B",
		"a line break within": "acme.a.\n" + secret[1:],
		"a line break after":  "acme.a." + secret + "\n",
		"a space before":      " acme.a." + secret,
		"the other base64":    "acme.a.+" + secret[1:],
		"a whole address":     "https://desk.example/link#acme.a." + secret,
	} {
		if o, ok := seal.ParseOpaque(text, seal.OpaqueSize); ok {
			t.Errorf("%s: read as %+v", name, o)
		}
	}
}

// FuzzParseOpaque takes whatever a stranger may send. What is taken for a secret says exactly what was sent, so that
// no two texts stand for one secret.
func FuzzParseOpaque(f *testing.F) {
	f.Add(seal.Opaque{Tenant: "acme", ID: "a", Secret: bytes.Repeat([]byte{1}, seal.OpaqueSize)}.Text(), seal.OpaqueSize)
	f.Add("acme.s."+strings.Repeat("A", 43)+"\n", seal.OpaqueSize)
	f.Add("acme.s."+strings.Repeat("=", 64), 48)
	f.Add("a..b", 0)
	f.Fuzz(func(t *testing.T, text string, size int) {
		size = min(max(size, 0), 1024)
		if o, ok := seal.ParseOpaque(text, size); ok && (o.Text() != text || len(o.Secret) != size) {
			t.Errorf("%q is read as %q", text, o.Text())
		}
	})
}
