package access

import (
	"fmt"
	"strings"
)

// Any is the wildcard: every resource, or every action on one.
const Any = "*"

// nameLimit is the longest resource, action or role name, in bytes.
const nameLimit = 64

// A Permission is what may be done (Action) with which kind of thing
// (Resource), and with which instances of it (Scope). A wildcard resource
// stands only in *:*:all. Permissions compare with ==.
type Permission struct {
	Resource, Action string
	Scope            Scope
}

// A SyntaxError says where a permission stops following the grammar.
type SyntaxError struct {
	Input    string // what was to be read
	Position int    // offset in bytes, from 0
	Expected string // what would have been accepted there
}

// Error names the position and what was expected there.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("permission %.150q: at position %d: expected %s", e.Input, e.Position, e.Expected)
}

// Parse reads a permission by its grammar alone; whether its names exist is a
// question for [Catalogue.Canonical].
//
//	permission = "*" | resource ":" action [ ":" scope ]
//	resource   = name | "*"
//	action     = name | "*" | "all"
//	scope      = "own" | "unassigned" | "department" | "all"
//	name       = [a-z][a-z0-9_-]{0,63}, never "all"
//
// Two parts mean scope all, the action "all" is "*", and "*" alone is *:*:all.
// A wildcard resource with a narrower action or scope is refused, because it
// would silently take in every resource added later. Errors are *SyntaxError.
func Parse(s string) (Permission, error) {
	if s == Any {
		return Permission{Any, Any, All}, nil
	}
	resource, rest, found := strings.Cut(s, ":")
	if at, expected := wrongPart(resource, "all"); expected != "" {
		return Permission{}, &SyntaxError{s, at, expected}
	}
	if !found {
		return Permission{}, &SyntaxError{s, len(s), `":" and an action`}
	}
	p := Permission{Resource: resource, Scope: All}
	if err := p.parseRest(s, rest); err != nil {
		return Permission{}, err
	}
	return p, nil
}

// parseRest reads what follows "resource:" in s.
func (p *Permission) parseRest(s, rest string) error {
	action, scope, scoped := strings.Cut(rest, ":")
	start := len(s) - len(rest)
	if at, expected := wrongPart(action, ""); expected != "" {
		return &SyntaxError{s, start + at, expected}
	}
	if p.Action = action; action == "all" {
		p.Action = Any
	}
	if p.Resource == Any && p.Action != Any {
		return &SyntaxError{s, start, wildcardOnly}
	}
	if !scoped {
		return nil
	}
	start = len(s) - len(scope)
	var err error
	if p.Scope, err = ParseScope(scope); err != nil {
		return &SyntaxError{s, start, `"own", "unassigned", "department" or "all"`}
	}
	if p.Resource == Any && p.Scope != All {
		return &SyntaxError{s, start, wildcardOnly}
	}
	return nil
}

// wildcardOnly gives the reason with the refusal: nobody who writes *:read
// thinks of the resources of next year.
const wildcardOnly = `"*:*:all", because a narrower wildcard would silently take in every resource added later`

// wrongPart returns where a resource or action goes wrong and what was
// expected there; expected is empty for a name other than reserved, and "*".
func wrongPart(part, reserved string) (at int, expected string) {
	switch {
	case part == Any:
		return 0, ""
	case part != "" && part == reserved:
		return 0, `a name other than "` + reserved + `"`
	}
	for i := range len(part) {
		switch c := part[i]; {
		case i == nameLimit:
			return i, `":" or the end after a name of 64 characters`
		case c >= 'a' && c <= 'z':
		case i == 0:
			return 0, `a lower-case letter or "*"`
		case c >= '0' && c <= '9', c == '_', c == '-':
		default:
			return i, `a lower-case letter, a digit, "_" or "-"`
		}
	}
	if part == "" {
		return 0, `a lower-case letter or "*"`
	}
	return 0, ""
}

// MustParse is [Parse] for permissions written in a program; it panics where
// Parse returns an error.
func MustParse(s string) Permission {
	p, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return p
}

// String returns the canonical form, three parts. Parse reads it back.
func (p Permission) String() string {
	return p.Resource + ":" + p.Action + ":" + p.Scope.String()
}

// MarshalText writes the canonical form. What Parse would not return, such as
// the zero Permission, is an error.
func (p Permission) MarshalText() ([]byte, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	return []byte(p.String()), nil
}

// UnmarshalText reads like [Parse].
func (p *Permission) UnmarshalText(text []byte) error {
	parsed, err := Parse(string(text))
	if err == nil {
		*p = parsed
	}
	return err
}

// check refuses a Permission put together by hand that Parse would not return.
func (p Permission) check() error {
	parsed, err := Parse(p.String())
	if err == nil && parsed != p {
		err = fmt.Errorf("permission %q is not canonical: write %q", p.String(), parsed.String())
	}
	return err
}

// Subsumes reports whether p allows whatever q allows: the same or a wildcard
// resource and action, at the same or a higher scope. *:*:all is subsumed by
// itself alone. How far department scopes reach is compared by [Subject.Lacks].
func (p Permission) Subsumes(q Permission) bool {
	return p.matches(q.Resource, q.Action) && p.Scope.Satisfies(q.Scope)
}

func (p Permission) matches(resource, action string) bool {
	return (p.Resource == Any || p.Resource == resource) && (p.Action == Any || p.Action == action)
}

// compare orders permissions as their canonical strings are ordered.
func (p Permission) compare(q Permission) int {
	return strings.Compare(p.String(), q.String())
}
