package access

import (
	"slices"
	"time"
)

// A Filter says which objects [Subject.Check] would allow, in a form that a
// store turns into a WHERE clause. It is the union of its parts; the zero
// Filter covers nothing. Tenant and Resource bound all of them.
type Filter struct {
	Tenant      string
	Resource    string
	Everything  bool     // all objects of the resource in the tenant
	Subject     string   // who Owner and Assignee are about
	Owner       bool     // objects that Subject owns
	Assignee    bool     // objects that Subject is the assignee of
	Unassigned  bool     // objects that are assignable and have no assignee
	Departments []string // objects of any of these, expanded and sorted
}

// Nothing reports whether the filter covers no object at all, so that a store
// need not be asked.
func (f Filter) Nothing() bool {
	return !f.Everything && !f.Owner && !f.Assignee && !f.Unassigned && len(f.Departments) == 0
}

// Covers reports whether the object is among those. It allocates nothing.
func (f Filter) Covers(o *Object) bool {
	if o == nil || f.Nothing() || o.Tenant != f.Tenant || o.Resource != f.Resource {
		return false
	}
	return f.Everything ||
		f.Assignee && o.Assignee == f.Subject ||
		f.Owner && slices.Contains(o.Owners, f.Subject) ||
		f.Unassigned && o.Assignable && o.Assignee == "" ||
		f.meets(o.Departments)
}

func (f Filter) meets(departments []string) bool {
	for _, d := range departments {
		if _, found := slices.BinarySearch(f.Departments, d); found {
			return true
		}
	}
	return false
}

// Filter returns which objects the subject may perform the operation on.
func (s Subject) Filter(op Operation, at time.Time) Filter {
	if !s.knows(op) {
		return Filter{}
	}
	f := Filter{Tenant: s.user.tenant, Resource: op.resource, Subject: s.user.id}
	var granted scopeSet
	for _, h := range s.inForce(at) {
		granted |= h.table[op.index]
		if h.table[op.index].has(Departmental) {
			f.Departments = append(f.Departments, h.reach.ids...)
		}
	}
	if granted.has(All) {
		return Filter{Tenant: f.Tenant, Resource: f.Resource, Subject: f.Subject, Everything: true}
	}
	own := granted&(only(Own)|only(Departmental)) != 0
	f.Owner, f.Assignee = own && op.byOwner, own && op.byAssignee
	f.Unassigned = granted.has(Unassigned)
	slices.Sort(f.Departments)
	f.Departments = slices.Compact(f.Departments)
	return f
}
