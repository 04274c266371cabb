package store

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold returns the key under which names are compared, sorted and searched on both databases:
// compatibility forms unified (NFKC), case folded, outer space cut. "Ｂｏｂ ", "BOB" and "bob" have
// one key.
func Fold(s string) string {
	return strings.TrimSpace(norm.NFKC.String(cases.Fold().String(norm.NFKC.String(s))))
}
