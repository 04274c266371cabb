package access

import "slices"

// An Operation is one action on one resource of a catalogue, looked up once
// and asked about many times. It is small and compares with ==. The zero
// Operation is unknown everywhere: every question about it is denied.
type Operation struct{ *operation }

// operation is the record that every copy of an Operation shares.
type operation struct {
	catalogue        *Catalogue
	index            int // the place in a role's table
	resource, action string
	highRisk         bool
	byOwner          bool // being an owner makes an object one's own
	byAssignee       bool // so does being its assignee
	scopes           scopeSet
}

func newOperation(c *Catalogue, r *Resource, action string) Operation {
	op := &operation{
		catalogue:  c,
		index:      len(c.operations),
		resource:   r.Name,
		action:     action,
		highRisk:   slices.Contains(r.HighRisk, action),
		byOwner:    r.counts(Owner, action),
		byAssignee: r.counts(Assignee, action),
	}
	for _, s := range r.Scopes {
		op.scopes |= only(s)
	}
	return Operation{op}
}

// Resource returns the name of the kind of thing acted on.
func (op Operation) Resource() string {
	if op.operation == nil {
		return ""
	}
	return op.resource
}

// Action returns the name of what is done.
func (op Operation) Action() string {
	if op.operation == nil {
		return ""
	}
	return op.action
}

// HighRisk reports whether the operation demands a recent second factor, also
// from those who hold everything.
func (op Operation) HighRisk() bool { return op.operation != nil && op.highRisk }

// String returns "resource:action".
func (op Operation) String() string { return op.Resource() + ":" + op.Action() }

// At returns the permission that a grant of the operation at a scope would be.
func (op Operation) At(scope Scope) Permission {
	return Permission{op.Resource(), op.Action(), scope}
}
