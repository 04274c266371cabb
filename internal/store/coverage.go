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
func (w *Where) Covered(f access.Filter, c Coverage) { w.AnyOf(c.Alternatives(f)) }

// Alternatives are conditions of which at least one holds for every row that the filter covers, and
// none for any other. A database finds the first rows of each by an index, and of all together often
// by none.
func (c Coverage) Alternatives(f access.Filter) (parts []Condition) {
	if f.Everything {
		return []Condition{{Text: "1 = 1"}}
	}
	add := func(granted bool, text string, args ...any) {
		if granted && text != "" {
			parts = append(parts, Condition{text, args})
		}
	}
	add(f.Owner, c.Owner, f.Subject)
	add(f.Assignee, c.Assignee, f.Subject)
	add(f.Unassigned, c.Unassigned)
	add(len(f.Departments) > 0, c.Department, Set(f.Departments))
	return parts
}
