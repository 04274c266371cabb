package policy

import (
	"fmt"
	"slices"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/fault"
)

// ParseAssignments turns the entries of a request into assignments. What does not exist, stands
// twice or has expired already is refused with its place below place, such as body.roles, all of it
// at once.
//
// The snapshot must be the transaction's: under [Service.Change] it is by.Subject.Snapshot().
func ParseAssignments(s *access.Snapshot, now time.Time, place string, entries []RoleEntry) ([]Assignment, error) {
	var list []Assignment
	var places []fault.Place
	for i, e := range entries {
		here := fmt.Sprintf("%s[%d]", place, i)
		places = append(places, e.problems(s, now, here)...)
		a := Assignment{Role: e.Role, ExpiresAt: e.ExpiresAt, Departments: e.Departments}
		if slices.ContainsFunc(list, a.same) {
			places = append(places, fault.Place{Location: here, Message: "stands twice"})
		}
		list = append(list, a)
	}
	return list, invalid(places)
}

func (e RoleEntry) problems(s *access.Snapshot, now time.Time, place string) (places []fault.Place) {
	at := place + ".role"
	if e.bare {
		at = place
	}
	if _, found := s.Role(e.Role); !found {
		places = append(places, fault.Place{Location: at, Message: "no such role" + suggest(nearest(e.Role, roleNamesOf(s)))})
	}
	if !e.ExpiresAt.IsZero() && !e.ExpiresAt.After(now) {
		places = append(places, fault.Place{Location: place + ".expires_at", Message: "must be in the future"})
	}
	for i, d := range e.Departments {
		if len(s.Reach([]string{d})) == 0 {
			places = append(places, fault.Place{Location: fmt.Sprintf("%s.departments[%d]", place, i), Message: "no such department"})
		}
	}
	return places
}

func roleNamesOf(s *access.Snapshot) []string {
	var names []string
	for _, r := range s.Tenant().Roles {
		names = append(names, r.Name)
	}
	return names
}

// invalid is the refusal of a request that is wrong at these places; nil when there are none.
func invalid(places []fault.Place) error {
	if len(places) == 0 {
		return nil
	}
	return &fault.Error{Code: fault.ErrInvalid, Places: places}
}
