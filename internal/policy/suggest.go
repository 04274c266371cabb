package policy

import "strings"

// suggest asks whether one of the names was meant; it is empty when there are none.
func suggest(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(names, " or ") + "?"
}
