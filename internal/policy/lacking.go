package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/usher-desk/usher/access"
)

// told is how many names a refusal lists of one kind, such as the departments of a permission.
const told = 10

// tell lists what is missing: canonical permissions, sorted, each once, with the departments that a
// department scope would have to reach.
func tell(lacking []access.Grant) string {
	missing := map[string][]string{}
	for _, g := range lacking {
		name := g.Permission.String()
		missing[name] = append(missing[name], g.Departments...)
	}
	var list []string
	for _, name := range slices.Sorted(maps.Keys(missing)) {
		list = append(list, name+tellReach(sortedSet(missing[name])))
	}
	return strings.Join(list, ", ")
}

func tellReach(departments []string) string {
	if len(departments) == 0 {
		return ""
	}
	return " (reaching " + tellSome(departments) + ")"
}

// tellSome lists names, and of many only how many more there are.
func tellSome(names []string) string {
	if more := len(names) - told; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:told], ", "), more)
	}
	return strings.Join(names, ", ")
}
