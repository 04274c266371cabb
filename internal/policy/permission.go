package policy

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/fault"
)

// maxComplaints is how many bad entries of a list are told. To find what was meant by each takes a while: a file of nothing
// else must not keep a processor busy.
const maxComplaints = 20

// ParsePermissions reads the permissions of a request through the catalogue. Bad ones are refused, each of the
// first [maxComplaints] with its place below place, such as body.permissions, and the nearest known names. The
// answer is in the order of the canonical strings, each once, and never nil.
func ParsePermissions(c *access.Catalogue, place string, names []string) ([]access.Permission, error) {
	var list []access.Permission
	var places []fault.Place
	for i, name := range names {
		p, err := c.Canonical(name)
		if err != nil {
			places = append(places, fault.Place{Location: fmt.Sprintf("%s[%d]", place, i), Message: complaint(err)})
		}
		if len(places) == maxComplaints {
			break
		}
		list = append(list, p)
	}
	if err := invalid(places); err != nil {
		return nil, err
	}
	return sortedPermissions(list), nil
}

// complaint words what is wrong with a permission or a name, without repeating what was sent.
func complaint(err error) string {
	var syntax *access.SyntaxError
	var unknown *access.UnknownError
	switch {
	case errors.As(err, &syntax):
		return fmt.Sprintf("at position %d: expected %s", syntax.Position, syntax.Expected)
	case errors.As(err, &unknown) && unknown.Within != "":
		return fmt.Sprintf("no such %s of %s%s", unknown.Kind, unknown.Within, suggest(unknown.Nearest))
	case errors.As(err, &unknown):
		return fmt.Sprintf("no such %s%s", unknown.Kind, suggest(unknown.Nearest))
	}
	return "is not valid"
}

// PermissionNames are the canonical strings; nil for nil, which in a user is not the empty list.
func PermissionNames(list []access.Permission) []string {
	if list == nil {
		return nil
	}
	names := make([]string, len(list))
	for i, p := range list {
		names[i] = p.String()
	}
	return names
}

// sortedPermissions returns each permission once, in the order of the canonical strings.
func sortedPermissions(list []access.Permission) []access.Permission {
	sorted := append([]access.Permission{}, list...)
	slices.SortFunc(sorted, byName)
	return slices.Compact(sorted)
}

func byName(a, b access.Permission) int { return strings.Compare(a.String(), b.String()) }
