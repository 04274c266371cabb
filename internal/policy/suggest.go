package policy

import (
	"strings"

	"github.com/usher-desk/usher/access"
)

// suggest asks whether one of the names was meant; it is empty when there are none.
func suggest(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(names, " or ") + "?"
}

// unknownRole says that there is no role of this name, and which of those that there are may have been meant.
func unknownRole(name string, known []string) string {
	return "no such role" + suggest(access.Nearest(name, known))
}
