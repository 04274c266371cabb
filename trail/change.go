package trail

import (
	"iter"
	"slices"
	"strings"
)

// Change names the fields that an operation changed. Most values have no place in a trail that nobody can erase,
// so there are three ways to add a field, from saying least to saying most: [Change.Names] gives the name alone,
// [Change.Committed] makes the values provable, and [Change.Values] shows them, which only enumerations and the
// names of roles and permissions may be. Encode refuses values that cannot be such a name.
//
// The zero value is an empty change. Adding a field again replaces what was said about it.
type Change struct {
	fields []FieldChange // sorted by name
}

// FieldChange is what a record says about one changed field. Old and New are nil where the field had no value
// (or none is shown), and empty where its value was an empty list.
type FieldChange struct {
	Field                      string
	Old, New                   []string
	OldCommitted, NewCommitted Commitment
}

// Names adds fields by their name alone.
func (c *Change) Names(fields ...string) {
	for _, f := range fields {
		c.put(FieldChange{Field: f})
	}
}

// Values adds a field with its values before and after. They are names from a fixed vocabulary: an enumeration, a
// role, a permission, or a list of these, and are written sorted and once each. Nil says that there was no value,
// which differs from an empty list.
func (c *Change) Values(field string, before, after []string) {
	c.put(FieldChange{Field: field, Old: sortedSet(before), New: sortedSet(after)})
}

// Committed adds a field with commitments to its values before and after, made under the names "change.<field>.old"
// and "change.<field>.new". One of the two is empty where there was no value.
func (c *Change) Committed(field string, before, after Commitment) {
	c.put(FieldChange{Field: field, OldCommitted: before, NewCommitted: after})
}

// All yields the changed fields in the order of their names.
func (c Change) All() iter.Seq[FieldChange] {
	return slices.Values(c.fields)
}

// put never writes into the slice that a copy of c may share.
func (c *Change) put(f FieldChange) {
	at, found := slices.BinarySearchFunc(c.fields, f.Field, func(have FieldChange, name string) int {
		return strings.Compare(have.Field, name)
	})
	rest := c.fields[at:]
	if found {
		rest = rest[1:]
	}
	c.fields = slices.Concat(c.fields[:at], []FieldChange{f}, rest)
}

// sortedSet returns names sorted and once each, nil for nil; its argument stays as it is.
func sortedSet(names []string) []string {
	sorted := slices.Clone(names)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}
