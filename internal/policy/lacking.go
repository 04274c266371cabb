package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/usher-desk/usher/access"
)

// How many a refusal names of one kind: what is more helps nobody who reads it, and who lacks much would be sent a
// document.
const (
	told            = 10 // such as the departments of a permission
	toldPermissions = 20
)

// shortfall is what somebody lacks: permissions, each with the departments that a department scope would have to reach.
type shortfall map[access.Permission]map[string]bool

func (s shortfall) add(lacking []access.Grant) {
	for _, g := range lacking {
		if s[g.Permission] == nil {
			s[g.Permission] = map[string]bool{}
		}
		for _, d := range g.Departments {
			s[g.Permission][d] = true
		}
	}
}

// String lists canonical permissions, sorted, each once, and of many how many more there are.
func (s shortfall) String() string {
	var list []string
	for permission, departments := range s {
		list = append(list, permission.String()+tellReach(slices.Sorted(maps.Keys(departments))))
	}
	slices.Sort(list)
	return tellSome(list, toldPermissions)
}

// tell lists what is missing.
func tell(lacking []access.Grant) string {
	missing := shortfall{}
	missing.add(lacking)
	return missing.String()
}

func tellReach(departments []string) string {
	if len(departments) == 0 {
		return ""
	}
	return " (reaching " + tellSome(departments, told) + ")"
}

// tellSome lists names up to so many, and says how many more there are.
func tellSome(names []string, most int) string {
	if more := len(names) - most; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), more)
	}
	return strings.Join(names, ", ")
}
