package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/usher-desk/usher/access"
)

// toldDepartments is how many departments a refusal names for one permission.
const toldDepartments = 10

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
	n := len(departments)
	switch {
	case n == 0:
		return ""
	case n > toldDepartments:
		return fmt.Sprintf(" (reaching %s and %d more)", strings.Join(departments[:toldDepartments], ", "), n-toldDepartments)
	}
	return fmt.Sprintf(" (reaching %s)", strings.Join(departments, ", "))
}
