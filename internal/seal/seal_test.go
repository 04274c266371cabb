package seal_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/internal/seal"
)

func newKey(t testing.TB, b byte) *seal.Key {
	t.Helper()
	k, err := seal.NewKey(bytes.Repeat([]byte{b}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func mustSeal(t testing.TB, k *seal.Key, secret string, binding ...string) string {
	t.Helper()
	s, err := k.Seal([]byte(secret), binding...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// frozen was made once with the key of 32 ones, from "a secret".
const frozen = "v1.caca87a4e29e5b27.ywOAzw_gvltR3avXiwgjpSN6pJDiCfpE1TH4SDnRhTeVvg9l"

// What was sealed years ago must open: the form is frozen here.
func TestAnOldSealedTextStillOpens(t *testing.T) {
	b, err := newKey(t, 1).Open(frozen, "totp", "tenant 1", "user 1")
	if err != nil || string(b) != "a secret" {
		t.Errorf("%q, %v", b, err)
	}
}

func TestOpenReturnsWhatWasSealed(t *testing.T) {
	k := newKey(t, 1)
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.SliceOf(rapid.Byte()).Draw(t, "secret")
		binding := rapid.SliceOfN(rapid.String(), 1, 4).Draw(t, "binding")
		sealed, err := k.Seal(secret, binding...)
		if err != nil {
			t.Fatal(err)
		}
		got, err := k.Open(sealed, binding...)
		if err != nil || !bytes.Equal(got, secret) {
			t.Fatalf("%x opened to %x, %v", secret, got, err)
		}
		other := rapid.SliceOfN(rapid.String(), 0, 4).Draw(t, "another binding")
		if _, err := k.Open(sealed, other...); (err == nil) != slices.Equal(other, binding) {
			t.Fatalf("bound to %q, opened with %q: %v", binding, other, err)
		}
	})
}

func TestASecretOpensInItsPlaceOnly(t *testing.T) {
	k := newKey(t, 1)
	sealed := mustSeal(t, k, "secret", "a", "bc")
	for _, binding := range [][]string{
		nil, {}, {"a"}, {"abc"}, {"ab", "c"}, {"bc", "a"}, {"a", "bc", ""}, {"", "a", "bc"}, {"a", "bc", "a", "bc"}, {"A", "bc"},
	} {
		if _, err := k.Open(sealed, binding...); !errors.Is(err, seal.ErrDamaged) {
			t.Errorf("opened with %q: %v", binding, err)
		}
	}
}

func TestEveryFlippedByteFails(t *testing.T) {
	k := newKey(t, 1)
	sealed := mustSeal(t, k, "secret", "place")
	for i := range len(sealed) {
		for flip := 1; flip < 256; flip++ {
			b := []byte(sealed)
			b[i] ^= byte(flip)
			if _, err := k.Open(string(b), "place"); err == nil {
				t.Fatalf("byte %d flipped by %#x still opens", i, flip)
			}
		}
	}
}

func TestOtherSpellingsOfASealedTextFail(t *testing.T) {
	k := newKey(t, 1)
	sealed := mustSeal(t, k, "secret", "place")
	for _, text := range []string{
		"", ".", "..", "v1", "v1..", "v1." + k.ID() + ".", sealed + "=", sealed + "A", sealed + ".", sealed + "\n", sealed[:len(sealed)-1],
		" " + sealed, sealed[:40] + "\n" + sealed[40:], "v2" + sealed[2:], "V1" + sealed[2:], strings.ToUpper(sealed),
	} {
		if _, err := k.Open(text, "place"); err == nil {
			t.Errorf("%q opens", text)
		}
	}
}

func TestAnotherKeyDoesNotOpen(t *testing.T) {
	a, b := newKey(t, 1), newKey(t, 2)
	sealed := mustSeal(t, a, "secret", "place")
	if _, err := b.Open(sealed, "place"); !errors.Is(err, seal.ErrOtherKey) {
		t.Errorf("another key: %v", err)
	}
	renamed := strings.Replace(sealed, a.ID(), b.ID(), 1)
	if _, err := b.Open(renamed, "place"); !errors.Is(err, seal.ErrDamaged) {
		t.Errorf("another key under the name of the first: %v", err)
	}
}

func TestASecretMustBeBound(t *testing.T) {
	if s, err := newKey(t, 1).Seal([]byte("secret")); err == nil {
		t.Errorf("sealed without binding: %q", s)
	}
}

func TestEqualSecretsLookDifferent(t *testing.T) {
	k := newKey(t, 1)
	one, other := mustSeal(t, k, "secret", "place"), mustSeal(t, k, "secret", "place")
	if one == other {
		t.Error("whoever reads the table sees that two secrets are equal")
	}
}

func TestDerivedKeysDiffer(t *testing.T) {
	a, b := newKey(t, 1), newKey(t, 2)
	seen := map[string]string{}
	for name, d := range map[string][]byte{
		"cursor": a.Derive("cursor"), "cursors": a.Derive("cursors"), "nothing": a.Derive(""),
		"seal": a.Derive("seal"), "id": a.Derive("id"), "other key": b.Derive("cursor"),
	} {
		if other, ok := seen[string(d)]; ok || len(d) != 32 {
			t.Errorf("%s: %x, like %q", name, d, other)
		}
		seen[string(d)] = name
	}
	if strings.HasPrefix(hex.EncodeToString(a.Derive("id")), a.ID()) {
		t.Error("a purpose reaches what the key derives for itself")
	}
	if !bytes.Equal(a.Derive("cursor"), newKey(t, 1).Derive("cursor")) {
		t.Error("the same key derives another value after a restart")
	}
}

func TestCheckValueTellsKeysApart(t *testing.T) {
	a, b := newKey(t, 1), newKey(t, 2)
	check, err := a.CheckValue()
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Verify(check); err != nil {
		t.Error(err)
	}
	if err := b.Verify(check); !errors.Is(err, seal.ErrOtherKey) || !strings.Contains(err.Error(), "does not open the stored check value") {
		t.Errorf("another key: %v", err)
	}
	for _, bad := range []string{"", check + "A", mustSeal(t, a, "usher", "place"), mustSeal(t, a, "other", "check value")} {
		if err := a.Verify(bad); !errors.Is(err, seal.ErrDamaged) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestAKeyIsNeverPrinted(t *testing.T) {
	k := newKey(t, 'K')
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		if s := fmt.Sprintf(verb+verb, k, *k); s != strings.Repeat("master key "+k.ID(), 2) {
			t.Errorf("%s prints %q", verb, s)
		}
	}
}

func TestAKeyHas32Bytes(t *testing.T) {
	for _, n := range []int{0, 16, 31, 33, 64} {
		if _, err := seal.NewKey(make([]byte, n)); err == nil {
			t.Errorf("a key of %d bytes was accepted", n)
		}
	}
}

// A stranger who can write to the database cannot make a text that opens.
func FuzzOpen(f *testing.F) {
	k := newKey(f, 1)
	f.Add(frozen)
	f.Add("v1." + k.ID() + ".AAAA")
	f.Fuzz(func(t *testing.T, text string) {
		if b, err := k.Open(text, "totp", "tenant 1", "user 1"); err == nil && text != frozen {
			t.Errorf("%q opens to %q", text, b)
		}
	})
}
