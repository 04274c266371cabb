package policy

import (
	"slices"
	"time"

	"github.com/usher-desk/usher/access"
)

// Assignment gives a user a role.
type Assignment struct {
	ID          string // "" in one that is to be made
	Role        string
	ExpiresAt   time.Time // from this instant on it grants nothing; zero: never
	Departments []string  // what department scopes reach; nil: the user's departments; empty: none
}

// same reports whether two assignments say the same, whatever their ids.
func (a Assignment) same(b Assignment) bool {
	return a.Role == b.Role && a.ExpiresAt.Equal(b.ExpiresAt) && sameSet(a.Departments, b.Departments)
}

// sameSet compares lists without regard to order; nil is not the empty list.
func sameSet(a, b []string) bool {
	return (a == nil) == (b == nil) && slices.Equal(sortedSet(a), sortedSet(b))
}

func sortedSet(list []string) []string {
	sorted := slices.Clone(list)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}

// roleNames returns the distinct roles of assignments, sorted.
func roleNames(list []access.Assignment) []string {
	var names []string
	for _, a := range list {
		names = append(names, a.Role)
	}
	return sortedSet(names)
}
