package access

import (
	"slices"
	"time"
)

// Holds reports whether the subject has a grant in force of the operation at
// the scope or a higher one. Menus and buttons ask this; it says nothing about
// any object. An operation that the subject's snapshot does not know, and a
// scope that does not exist, are held by nobody.
func (s Subject) Holds(op Operation, scope Scope, at time.Time) bool {
	if s.barred() != "" || !s.user.catalogue.knows(op) || !scope.valid() {
		return false
	}
	for i := range s.user.held {
		h := &s.user.held[i]
		if h.table[op.index]&atLeast[scope] != 0 && h.inForce(at) {
			return true
		}
	}
	return false
}

// Check reports whether the subject may perform the operation on the object at
// an instant, or for what reason not. It allocates nothing. Operation and
// snapshot must be of the same catalogue; otherwise, as for an object of
// another resource and for nil, nothing is covered.
func (s Subject) Check(op Operation, o *Object, at time.Time) Decision {
	if reason := s.foreign(o); reason != "" {
		return Decision{Reason: reason}
	}
	if !s.user.catalogue.knows(op) {
		return Decision{Reason: NoPermission}
	}
	var covering scopeSet // found once a grant matches: where none does, nobody looks at owners and departments
	var found denial
	looked := false
	for i := range s.user.held {
		h := &s.user.held[i]
		granted := h.table[op.index]
		if granted == 0 {
			continue
		}
		if !looked {
			covering, looked = s.covering(op, o), true
		}
		if scope := h.covers(granted, covering, o); found.add(h, scope, at) {
			return Decision{Allow: true, Scope: scope}
		}
	}
	return Decision{Reason: found.reason()}
}

// foreign returns the reasons that come before every grant.
func (s Subject) foreign(o *Object) Reason {
	if reason := s.barred(); reason != "" {
		return reason
	}
	if o == nil || o.Tenant != s.user.tenant {
		return OtherTenant
	}
	return ""
}

// covering returns the scopes that cover the object whatever a grant reaches.
func (s Subject) covering(op Operation, o *Object) scopeSet {
	if o.Resource != op.resource {
		return 0
	}
	set := only(All)
	if op.byAssignee && o.Assignee == s.user.id || op.byOwner && slices.Contains(o.Owners, s.user.id) {
		set |= only(Own) | only(Departmental)
	}
	if o.Assignable && o.Assignee == "" {
		set |= only(Unassigned)
	}
	return set
}

// covers returns the lowest of the granted scopes that covers the object, or
// zero. An object that not even All covers is of another resource.
func (h *held) covers(granted, covering scopeSet, o *Object) Scope {
	if scope := (granted & covering).lowest(); scope != 0 && scope <= Departmental {
		return scope
	}
	if granted.has(Departmental) && covering != 0 && h.reach.meets(o.Departments) {
		return Departmental
	}
	return (granted & covering).lowest()
}

// denial gathers, grant by grant, what an explanation of a denial needs.
type denial struct{ inactive, expired, matched bool }

// add notes a grant that matches and the scope at which it covers the object,
// zero for none. It reports whether the grant allows.
func (d *denial) add(h *held, scope Scope, at time.Time) bool {
	switch covers := scope != 0; {
	case h.expired(at):
		d.expired = d.expired || covers
	case !h.active:
		d.inactive = d.inactive || covers
	default:
		d.matched = true
		return covers
	}
	return false
}

func (d *denial) reason() Reason {
	switch {
	case d.inactive:
		return RoleInactive
	case d.expired:
		return AssignmentExpired
	case d.matched:
		return OutOfScope
	}
	return NoPermission
}
