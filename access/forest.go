package access

import (
	"fmt"
	"slices"
)

// A forest knows what lies below each department.
type forest struct {
	children map[string][]string // every department has an entry
	reaches  map[string]*reach   // by the departments reached from, sorted and joined
}

// A reach is a set of departments, closed under "below". Users with the same
// departments share one.
type reach struct {
	ids []string // sorted
	set map[string]struct{}
}

// scanned is the size up to which walking a reach beats hashing a name.
const scanned = 8

func newForest(departments []Department) (*forest, error) {
	f := &forest{children: make(map[string][]string, len(departments)), reaches: map[string]*reach{}}
	for _, d := range departments {
		if d.ID == "" {
			return nil, fmt.Errorf("a department without id")
		}
		if _, twice := f.children[d.ID]; twice {
			return nil, fmt.Errorf("department %q stands twice", d.ID)
		}
		f.children[d.ID] = nil
	}
	var roots []string
	for _, d := range departments {
		if d.Parent == "" {
			roots = append(roots, d.ID)
			continue
		}
		if _, known := f.children[d.Parent]; !known {
			return nil, fmt.Errorf("department %q: no parent %q", d.ID, d.Parent)
		}
		f.children[d.Parent] = append(f.children[d.Parent], d.ID)
	}
	return f, f.checkRooted(roots, departments)
}

// checkRooted finds departments on a cycle: no root leads to them.
func (f *forest) checkRooted(roots []string, departments []Department) error {
	rooted := f.below(roots)
	for _, d := range departments {
		if _, ok := rooted[d.ID]; !ok {
			return fmt.Errorf("department %q lies below itself, or below one that does", d.ID)
		}
	}
	return nil
}

// below returns the departments and everything below them.
func (f *forest) below(departments []string) map[string]struct{} {
	set := make(map[string]struct{})
	for waiting := slices.Clone(departments); len(waiting) > 0; {
		last := waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		if _, seen := set[last]; !seen {
			set[last] = struct{}{}
			waiting = append(waiting, f.children[last]...)
		}
	}
	return set
}

// reach expands departments, while the snapshot is compiled. One that does not
// exist is an error.
func (f *forest) reach(departments []string) (*reach, error) {
	from := slices.Clone(departments)
	slices.Sort(from)
	from = slices.Compact(from)
	for _, id := range from {
		if _, known := f.children[id]; !known {
			return nil, fmt.Errorf("no department %q", id)
		}
	}
	key := fmt.Sprintf("%q", from) // quoted, so that no id can look like two
	if f.reaches[key] == nil {
		f.reaches[key] = newReach(f.below(from))
	}
	return f.reaches[key], nil
}

func newReach(set map[string]struct{}) *reach {
	r := &reach{ids: make([]string, 0, len(set)), set: set}
	for id := range set {
		r.ids = append(r.ids, id)
	}
	slices.Sort(r.ids)
	return r
}

// meets reports whether any of the departments is in the set.
func (r *reach) meets(departments []string) bool {
	for _, d := range departments {
		if r.has(d) {
			return true
		}
	}
	return false
}

func (r *reach) has(department string) bool {
	if len(r.ids) <= scanned {
		return slices.Contains(r.ids, department)
	}
	_, ok := r.set[department]
	return ok
}
