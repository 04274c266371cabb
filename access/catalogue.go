package access

import (
	"fmt"
	"iter"
	"slices"
)

// A Catalogue declares resources: it bounds what can be written into roles and
// what can be asked. It is immutable and shared freely between goroutines.
type Catalogue struct {
	base       *Catalogue // what [Catalogue.Extend] started from, or nil
	resources  []Resource
	operations []Operation
	byName     map[string]*entry
}

// entry finds the operations of a resource. They are few, so that a walk over
// them beats a second map.
type entry struct {
	resource   *Resource
	operations []Operation
}

// NewCatalogue declares resources, in the order given. A name that stands
// twice, an unknown scope, or a reference to an action that is not listed is
// an error.
func NewCatalogue(resources ...Resource) (*Catalogue, error) {
	return (*Catalogue)(nil).Extend(resources...)
}

// Extend returns a catalogue with further resources, such as those that
// another application registers. None may have a name that c already has.
// Operations of c keep their meaning in it.
func (c *Catalogue) Extend(resources ...Resource) (*Catalogue, error) {
	extended := &Catalogue{base: c, byName: map[string]*entry{}}
	if c != nil {
		extended.resources = slices.Clip(c.resources)
		extended.operations = slices.Clip(c.operations)
		for name, e := range c.byName {
			extended.byName[name] = e
		}
	}
	for _, r := range resources {
		if err := extended.add(r.clone()); err != nil {
			return nil, fmt.Errorf("access: catalogue: resource %q: %w", r.Name, err)
		}
	}
	return extended, nil
}

func (c *Catalogue) add(r Resource) error {
	if err := r.check(); err != nil {
		return err
	}
	if c.byName[r.Name] != nil {
		return fmt.Errorf("declared twice")
	}
	e := &entry{resource: &r}
	for _, action := range r.Actions {
		op := newOperation(c, &r, action)
		e.operations = append(e.operations, op)
		c.operations = append(c.operations, op)
	}
	c.resources = append(c.resources, r)
	c.byName[r.Name] = e
	return nil
}

// knows reports whether op is an operation of c or of one that c extends.
func (c *Catalogue) knows(op Operation) bool {
	if op.operation == nil {
		return false
	}
	for ; c != nil; c = c.base {
		if op.catalogue == c {
			return true
		}
	}
	return false
}

// Resources yields the resources in the order of their declaration.
func (c *Catalogue) Resources() iter.Seq[Resource] {
	return func(yield func(Resource) bool) {
		for _, r := range c.resources {
			if !yield(r.clone()) {
				return
			}
		}
	}
}

// Resource returns the declaration of one resource.
func (c *Catalogue) Resource(name string) (Resource, bool) {
	e := c.byName[name]
	if e == nil {
		return Resource{}, false
	}
	return e.resource.clone(), true
}

// Operations yields every action of every resource, in the order of their
// declaration.
func (c *Catalogue) Operations() iter.Seq[Operation] { return slices.Values(c.operations) }

// Operation looks up what a question is about. It takes canonical names only:
// an alias or "*" is as unknown as a typing error, and every unknown name is
// an [*UnknownError].
func (c *Catalogue) Operation(resource, action string) (Operation, error) {
	e := c.byName[resource]
	if e == nil {
		return Operation{}, c.unknownResource(resource)
	}
	for _, op := range e.operations {
		if op.action == action {
			return op, nil
		}
	}
	return Operation{}, e.unknownAction(action)
}

// MustOperation is [Catalogue.Operation] for names written in a program; it
// panics where Operation returns an error.
func (c *Catalogue) MustOperation(resource, action string) Operation {
	op, err := c.Operation(resource, action)
	if err != nil {
		panic(err)
	}
	return op
}

// Canonical reads a permission that is about to be written into a role or a
// list: by the grammar ([*SyntaxError]), through the aliases, and with every
// name in the catalogue and the scope among those that the resource lists
// ([*UnknownError]).
func (c *Catalogue) Canonical(s string) (Permission, error) {
	p, err := Parse(s)
	if err != nil || p.Resource == Any {
		return p, err
	}
	e := c.byName[p.Resource]
	if e == nil {
		return Permission{}, c.unknownResource(p.Resource)
	}
	if action, aliased := e.resource.Aliases[p.Action]; aliased {
		p.Action = action
	}
	if p.Action != Any && !slices.Contains(e.resource.Actions, p.Action) {
		return Permission{}, e.unknownAction(p.Action)
	}
	if !slices.Contains(e.resource.Scopes, p.Scope) {
		return Permission{}, e.unknownScope(p.Scope)
	}
	return p, nil
}

// Expand returns what a permission holds today: one for each operation of the
// catalogue that it matches, at its scope.
func (c *Catalogue) Expand(p Permission) []Permission {
	var held []Permission
	for _, op := range c.operations {
		if p.matches(op.resource, op.action) {
			held = append(held, op.At(p.Scope))
		}
	}
	return held
}

func (c *Catalogue) unknownResource(name string) error {
	names := make([]string, len(c.resources))
	for i, r := range c.resources {
		names[i] = r.Name
	}
	return &UnknownError{Kind: "resource", Name: name, Nearest: Nearest(name, names)}
}

func (e *entry) unknownAction(name string) error {
	return &UnknownError{Kind: "action", Name: name, Within: e.resource.Name, Nearest: Nearest(name, e.resource.Actions)}
}

// unknownScope suggests every scope of the resource: four words have no
// neighbours by spelling.
func (e *entry) unknownScope(s Scope) error {
	var listed []string
	for _, s := range e.resource.Scopes {
		listed = append(listed, s.String())
	}
	return &UnknownError{Kind: "scope", Name: s.String(), Within: e.resource.Name, Nearest: listed}
}
