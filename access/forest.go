package access

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"sync"
)

// A forest knows what lies below each department. Snapshots that follow each
// other share it for as long as no department moves.
type forest struct {
	children map[string][]string // every department has an entry

	mu      sync.Mutex        // guards reaches, which grow when a snapshot is compiled
	reaches map[string]origin // by the departments reached from, as one text
}

// An origin is where a reach begins.
type origin struct {
	from []string // sorted
	*reach
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
	f := &forest{children: make(map[string][]string, len(departments)), reaches: map[string]origin{}}
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

// reach expands departments, while a snapshot is compiled. One that does not
// exist is an error.
func (f *forest) reach(departments []string) (*reach, error) {
	from := slices.Clone(departments)
	slices.Sort(from)
	from = slices.Compact(from)
	var key []byte // quoted, so that no id can look like two
	for _, id := range from {
		if _, known := f.children[id]; !known {
			return nil, fmt.Errorf("no department %q", id)
		}
		key = strconv.AppendQuote(key, id)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	o, known := f.reaches[string(key)]
	if !known {
		o = origin{from, newReach(f.below(from))}
		f.reaches[string(key)] = o
	}
	return o.reach, nil
}

func newReach(set map[string]struct{}) *reach {
	ids := slices.AppendSeq(make([]string, 0, len(set)), maps.Keys(set))
	slices.Sort(ids)
	return &reach{ids: ids, set: set}
}

// moved returns the forest of other departments. What reaches the same in both
// is the same reach.
func (f *forest) moved(departments []Department) (*forest, error) {
	next, err := newForest(departments)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for key, o := range f.reaches {
		if now, err := next.reach(o.from); err == nil && slices.Equal(now.ids, o.ids) {
			next.reaches[key] = o
		}
	}
	return next, nil
}

// kept returns the reaches of an earlier forest that are also those of f.
func (f *forest) kept(before *forest) map[*reach]bool {
	before.mu.Lock()
	defer before.mu.Unlock()
	kept := map[*reach]bool{}
	for key, o := range before.reaches {
		kept[o.reach] = f == before || f.reaches[key].reach == o.reach
	}
	return kept
}

// trimmed returns the forest without the reaches that none of the users has.
func (f *forest) trimmed(users iter.Seq[*user]) *forest {
	used := map[*reach]bool{}
	for u := range users {
		used[u.departments] = true
		for h := range u.assigned {
			used[h.reach] = true
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	next := &forest{children: f.children, reaches: map[string]origin{}}
	for key, o := range f.reaches {
		if used[o.reach] {
			next.reaches[key] = o
		}
	}
	return next
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
