package store

import "github.com/usher-desk/usher/access"

// Coverage says where the rows of a resource keep what scopes look at. Each part is a condition; a
// part that a resource does not have stays empty and never covers.
type Coverage struct {
	Owner      string // true when the user ? is an owner
	Assignee   string // true when the user ? is the assignee
	Unassigned string // true when it can be assigned and is not; without ?
	Department string // true when one of its departments is among ?, a [Set]
}

// Covered adds the condition that a filter of the access rules covers the row. It is the SQL face
// of [access.Filter.Covers]; the two agree on every object.
func (w *Where) Covered(f access.Filter, c Coverage) {
	if f.Everything {
		return
	}
	var parts []Condition
	add := func(granted bool, text string, args ...any) {
		if granted && text != "" {
			parts = append(parts, Condition{text, args})
		}
	}
	add(f.Owner, c.Owner, f.Subject)
	add(f.Assignee, c.Assignee, f.Subject)
	add(f.Unassigned, c.Unassigned)
	add(len(f.Departments) > 0, c.Department, Set(f.Departments))
	w.AnyOf(parts)
}
