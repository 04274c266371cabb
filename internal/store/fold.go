package store

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold returns the key under which names are compared, sorted and searched on both databases:
// compatibility forms unified (NFKC), case folded, outer space cut. "Ｂｏｂ ", "BOB" and "bob" have
// one key.
func Fold(s string) string {
	folded := strings.Map(foldCherokee, cases.Fold().String(norm.NFKC.String(s)))
	return strings.TrimSpace(norm.NFKC.String(folded))
}

// foldCherokee mends what cases.Fold does to one script. Cherokee folds to its capitals, which are
// older than its small letters (Unicode, CaseFolding.txt); cases.Fold exchanges the two.
func foldCherokee(r rune) rune {
	if unicode.Is(unicode.Cherokee, r) {
		return unicode.ToUpper(r)
	}
	return r
}
