package access

import (
	"fmt"
	"maps"
	"slices"
)

// A Resource is a kind of thing as a catalogue declares it. In JSON it stands
// under its name.
type Resource struct {
	Name       string                `json:"-"`
	Zh         string                `json:"zh"` // label in Chinese
	En         string                `json:"en"` // label in English
	Actions    []string              `json:"actions"`
	Scopes     []Scope               `json:"scopes"`     // those that a role or list may name
	Assignable bool                  `json:"assignable"` // objects of this kind can have an assignee
	HighRisk   []string              `json:"high_risk"`  // actions that need a recent second factor
	Status     Status                `json:"status"`
	Own        map[string][]Relation `json:"own,omitempty"`     // per action, where not both relations count
	Aliases    map[string]string     `json:"aliases,omitempty"` // other names of actions, applied on the way in
}

// Status says who acts on a resource. Permissions on one that is planned or
// external can be granted; whoever edits roles is shown which they are.
type Status string

const (
	StatusBuiltIn  Status = "built-in"
	StatusPlanned  Status = "planned"
	StatusExternal Status = "external" // another application's, which asks for decisions
)

// A Relation ties a subject to an object of its own.
type Relation string

const (
	Owner    Relation = "owner"
	Assignee Relation = "assignee"
)

// clone keeps callers from changing a catalogue that others share.
func (r Resource) clone() Resource {
	r.Actions = slices.Clone(r.Actions)
	r.Scopes = slices.Clone(r.Scopes)
	r.HighRisk = append([]string{}, r.HighRisk...) // [] in JSON, never null
	r.Aliases = maps.Clone(r.Aliases)
	r.Own = maps.Clone(r.Own)
	for action, relations := range r.Own {
		r.Own[action] = slices.Clone(relations)
	}
	return r
}

// counts reports whether the relation makes an object the subject's own for
// this action. Both do where the catalogue says nothing.
func (r *Resource) counts(relation Relation, action string) bool {
	relations, listed := r.Own[action]
	return !listed || slices.Contains(relations, relation)
}

// check refuses a declaration that contradicts itself: such a resource would
// be decided differently from how it reads.
func (r *Resource) check() error {
	names := append([]string{r.Name}, r.Actions...)
	for alias := range r.Aliases {
		names = append(names, alias)
	}
	for i, name := range names {
		if at, expected := wrongPart(name, "all"); expected != "" || name == Any {
			return fmt.Errorf("name %q: at position %d: expected a name (%s)", name, at, expected)
		}
		if i > 0 && slices.Contains(names[1:i], name) {
			return fmt.Errorf("action %q stands twice", name)
		}
	}
	if err := r.checkScopes(); err != nil {
		return err
	}
	return r.checkActions()
}

func (r *Resource) checkScopes() error {
	if len(r.Actions) == 0 || len(r.Scopes) == 0 {
		return fmt.Errorf("actions and scopes must not be empty")
	}
	for i, s := range r.Scopes {
		switch {
		case !s.valid():
			return fmt.Errorf("%v is no scope", s)
		case slices.Contains(r.Scopes[:i], s):
			return fmt.Errorf("scope %v stands twice", s)
		case s == Unassigned && !r.Assignable:
			return fmt.Errorf("scope unassigned without anything assignable")
		}
	}
	if !slices.Contains([]Status{StatusBuiltIn, StatusPlanned, StatusExternal}, r.Status) {
		return fmt.Errorf("status %q is none of built-in, planned, external", r.Status)
	}
	return nil
}

// checkActions looks at everything that refers to an action.
func (r *Resource) checkActions() error {
	referred := slices.Clone(r.HighRisk)
	for action, relations := range r.Own {
		referred = append(referred, action)
		for _, relation := range relations {
			if relation != Owner && relation != Assignee {
				return fmt.Errorf("own of %s: relation %q is neither owner nor assignee", action, relation)
			}
		}
	}
	referred = slices.AppendSeq(referred, maps.Values(r.Aliases))
	for _, action := range referred {
		if !slices.Contains(r.Actions, action) {
			return fmt.Errorf("action %q is referred to, but not listed", action)
		}
	}
	return nil
}
