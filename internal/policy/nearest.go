package policy

import (
	"slices"
	"strings"
)

// suggest asks whether one of the names was meant; it is empty when there are none.
func suggest(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(names, " or ") + "?"
}

// nearest returns at most three of the known names that few typing errors separate from name, best
// first.
func nearest(name string, known []string) []string {
	limit := 1 + len(name)/3
	near := slices.DeleteFunc(slices.Clone(known), func(k string) bool { return distance(name, k) > limit })
	slices.SortStableFunc(near, func(a, b string) int { return distance(name, a) - distance(name, b) })
	return near[:min(len(near), 3)]
}

// distance is Levenshtein's, over bytes: how many to insert, delete or replace on the way from a to b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, diagonal+1, row[j]+1)
		}
	}
	return row[len(b)]
}
