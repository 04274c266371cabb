package access

import (
	"fmt"
	"math/bits"
)

// A Scope says which instances of a resource a permission is about. The zero
// Scope is none of the four: it satisfies nothing and nothing satisfies it.
type Scope uint8

const (
	// Own covers what the subject owns or is assigned, whichever of the two
	// the catalogue counts for the action.
	Own Scope = iota + 1
	// Unassigned covers what can be assigned and is not.
	Unassigned
	// Departmental, written "department", covers what Own covers and what lies
	// in a department that the grant reaches.
	Departmental
	// All covers everything in the subject's tenant.
	All
)

// scopes in the order in which they are listed everywhere.
var scopes = [...]Scope{Own, Unassigned, Departmental, All}

var scopeNames = [...]string{Own: "own", Unassigned: "unassigned", Departmental: "department", All: "all"}

// ParseScope reads one of the four names. Any other text is an [*UnknownError].
func ParseScope(name string) (Scope, error) {
	for _, s := range scopes {
		if scopeNames[s] == name {
			return s, nil
		}
	}
	return 0, &UnknownError{Kind: "scope", Name: name, Nearest: Nearest(name, scopeNames[Own:])}
}

// String returns the name that [ParseScope] reads.
func (s Scope) String() string {
	if !s.valid() {
		return fmt.Sprintf("Scope(%d)", uint8(s))
	}
	return scopeNames[s]
}

// Satisfies reports whether a grant at s does everything that one at required
// does: own < department < all and unassigned < all; no other pair compares.
func (s Scope) Satisfies(required Scope) bool {
	return required.valid() && atLeast[required].has(s)
}

// MarshalText writes the name. A Scope that is none of the four is an error.
func (s Scope) MarshalText() ([]byte, error) {
	if !s.valid() {
		return nil, fmt.Errorf("access: %v has no name", s)
	}
	return []byte(scopeNames[s]), nil
}

// UnmarshalText reads what [Scope.MarshalText] wrote.
func (s *Scope) UnmarshalText(text []byte) error {
	parsed, err := ParseScope(string(text))
	if err == nil {
		*s = parsed
	}
	return err
}

func (s Scope) valid() bool { return s >= Own && s <= All }

// A scopeSet holds scopes as bits, so that what a role grants for one
// operation is one byte.
type scopeSet uint8

// only returns the set of one scope.
func only(s Scope) scopeSet { return 1 << s }

func (set scopeSet) has(s Scope) bool { return set&only(s) != 0 }

// atLeast lists for every scope those that satisfy it.
var atLeast = [...]scopeSet{
	Own:          1<<Own | 1<<Departmental | 1<<All,
	Unassigned:   1<<Unassigned | 1<<All,
	Departmental: 1<<Departmental | 1<<All,
	All:          1 << All,
}

// lowest returns the first scope of the set in the order of listing, or zero.
func (set scopeSet) lowest() Scope {
	if set == 0 {
		return 0
	}
	return Scope(bits.TrailingZeros8(uint8(set)))
}

// highest returns the scopes of the set that no other one of it satisfies.
func (set scopeSet) highest() []Scope {
	var top []Scope
	for _, s := range scopes {
		if set&atLeast[s] == only(s) {
			top = append(top, s)
		}
	}
	return top
}
