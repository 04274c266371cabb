package access

import (
	"slices"
	"time"
)

// An Explanation is a [Decision] with its grounds.
type Explanation struct {
	Allow  bool
	By     []string // when Allow: the roles whose grants allow, sorted, or "permissions", the user's own list
	Reason Reason   // when not Allow
	Needs  Scope    // for out_of_scope and no_permission: the first scope of the resource that would cover; zero: none would
	Have   []Scope  // when not Allow: the highest scopes in force for the operation
}

// Explain is [Subject.Check] with its grounds. It walks all grants, where
// Check stops at the first that allows.
func (s Subject) Explain(op Operation, o *Object, at time.Time) Explanation {
	if reason := s.foreign(o); reason != "" {
		return Explanation{Reason: reason, Have: s.have(op, at)}
	}
	if !s.user.catalogue.knows(op) {
		return Explanation{Reason: NoPermission}
	}
	covering := s.covering(op, o)
	var by []string
	var found denial
	for i := range s.user.held {
		h := &s.user.held[i]
		granted := h.table[op.index]
		if granted != 0 && found.add(h, h.covers(granted, covering, o), at) {
			by = append(by, h.role.name)
		}
	}
	if by != nil {
		return Explanation{Allow: true, By: slices.Compact(by)}
	}
	e := Explanation{Reason: found.reason(), Have: s.have(op, at)}
	if e.Reason == OutOfScope || e.Reason == NoPermission {
		e.Needs = s.needs(op, covering, o)
	}
	return e
}

// have returns the highest scopes in force for the operation.
func (s Subject) have(op Operation, at time.Time) []Scope {
	var set scopeSet
	if s.knows(op) {
		for _, h := range s.inForce(at) {
			set |= h.table[op.index]
		}
	}
	return set.highest()
}

// needs returns the first scope of the resource at which a grant would cover
// the object, were it to reach the subject's own departments.
func (s Subject) needs(op Operation, covering scopeSet, o *Object) Scope {
	if covering != 0 && s.user.departments.meets(o.Departments) {
		covering |= only(Departmental)
	}
	return (op.scopes & covering).lowest()
}

// knows is false for the zero Subject.
func (s Subject) knows(op Operation) bool { return s.user != nil && s.user.catalogue.knows(op) }
