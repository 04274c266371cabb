package access

import (
	"fmt"
	"slices"
	"strings"
)

// An UnknownError refuses a name that does not exist where it was asked for.
// A question that meets one has no answer: it must never be taken for allow,
// and not for a deny that a wider grant would lift either.
type UnknownError struct {
	Kind    string   // "tenant", "subject", "resource", "action" or "scope"
	Name    string   // the unknown name
	Within  string   // the resource of an action or scope, where there is one
	Nearest []string // known names to suggest, best first; never of tenants or subjects
}

// Error says what is unknown and, where something is near, asks whether that
// was meant.
func (e *UnknownError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "unknown %s %.100q", e.Kind, e.Name)
	if e.Within != "" {
		fmt.Fprintf(&b, " of %s", e.Within)
	}
	if len(e.Nearest) > 0 {
		fmt.Fprintf(&b, "; did you mean %s?", strings.Join(e.Nearest, " or "))
	}
	return b.String()
}

// Nearest returns at most three known names that few typing errors separate
// from name, best first: what an unknown name was probably meant to be.
func Nearest(name string, known []string) []string {
	if len(name) > 2*nameLimit {
		return nil
	}
	limit := 1 + len(name)/3
	type guess struct {
		name   string
		errors int
	}
	var near []guess
	for _, k := range known {
		if n := distance(name, k); n <= limit || name != "" && strings.HasPrefix(k, name) {
			near = append(near, guess{k, n})
		}
	}
	slices.SortStableFunc(near, func(a, b guess) int { return a.errors - b.errors })
	var names []string
	for _, g := range near[:min(len(near), 3)] {
		names = append(names, g.name)
	}
	return names
}

// distance is the number of single bytes to insert, delete or replace on the
// way from a to b (Levenshtein, one row at a time).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, diagonal+1, row[j]+1)
		}
	}
	return row[len(b)]
}
