package store_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/usher-desk/usher/internal/store"
	"pgregory.net/rapid"
)

func TestFoldUnifiesWhatPeopleTakeForOneName(t *testing.T) {
	for name, want := range map[string]string{
		"Bob":            "bob",
		" BOB\t":         "bob",
		"Ｂｏｂ":            "bob",
		"　张三　":           "张三",
		"Straße":         "strasse",
		"ΟΔΟΣ":           "οδοσ",
		"ﬁle":            "file",
		"Ⅷ":              "viii",
		"e\u0301":        "é",
		"a  b":           "a  b",
		"":               "",
		"ﾊﾟ":             "パ",
		"Ann\u00a0":      "ann",
		"ꭰꭱ":             "ᎠᎡ",
		"ᎠᎡ":             "ᎠᎡ",
		"İ":              "i̇",
		"under_score%\\": "under_score%\\",
	} {
		if got := store.Fold(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

// A key that is folded again stays what it is: keys can be compared whoever made them.
func TestFoldOfAKeyIsTheKey(t *testing.T) {
	assigned := rapid.SliceOf(rapid.RuneFrom(nil, unicode.Letter, unicode.Mark, unicode.Number, unicode.Punct, unicode.Space))
	rapid.Check(t, func(t *rapid.T) {
		s := string(assigned.Draw(t, "name"))
		key := store.Fold(s)
		if again := store.Fold(key); again != key {
			t.Fatalf("%q folds to %q, and that to %q", s, key, again)
		}
		if strings.TrimSpace(key) != key {
			t.Fatalf("%q folds to %q", s, key)
		}
	})
}
