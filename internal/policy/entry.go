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
	return NewEntryParser(s, now).Parse(place, entries)
}

// Parse is [ParseAssignments] of one row of many.
func (p *EntryParser) Parse(place string, entries []RoleEntry) ([]Assignment, error) {
	var list []Assignment
	var places []fault.Place
	for i, e := range entries {
		here := fmt.Sprintf("%s[%d]", place, i)
		places = append(places, p.problems(e, here)...)
		a := e.assignment()
		if slices.ContainsFunc(list, a.same) {
			places = append(places, fault.Place{Location: here, Message: "stands twice"})
		}
		list = append(list, a)
	}
	return list, invalid(places)
}

func (e RoleEntry) assignment() Assignment {
	a := Assignment{Role: e.Role, Departments: e.Departments}
	if e.ExpiresAt != nil {
		a.ExpiresAt = e.ExpiresAt.UTC().Truncate(time.Microsecond)
	}
	return a
}

// problems are what is wrong with the entry. That an expiry was sent, and not which one, tells it
// from never: the zero time is an instant that can be sent, long past.
func (p *EntryParser) problems(e RoleEntry, place string) (places []fault.Place) {
	if e.wrong != nil {
		return e.unreadable(place)
	}
	at := place + ".role"
	if e.bare {
		at = place
	}
	if wrong := p.wrongRole(e.Role); wrong != "" {
		places = append(places, fault.Place{Location: at, Message: wrong})
	}
	if e.ExpiresAt != nil {
		if wrong := wrongExpiry(e.assignment().ExpiresAt, p.now); wrong != "" {
			places = append(places, fault.Place{Location: place + ".expires_at", Message: wrong})
		}
	}
	return append(places, unknownDepartments(p.snapshot, place+".departments", e.Departments)...)
}

// CheckDepartments refuses departments of a request that do not exist, each with its place below
// place, such as body.departments. The snapshot is as in [ParseAssignments].
func CheckDepartments(s *access.Snapshot, place string, departments []string) error {
	return invalid(unknownDepartments(s, place, departments))
}

func unknownDepartments(s *access.Snapshot, place string, departments []string) (places []fault.Place) {
	for i, d := range departments {
		if len(s.Reach([]string{d})) == 0 {
			places = append(places, fault.Place{Location: fmt.Sprintf("%s[%d]", place, i), Message: "no such department"})
		}
	}
	return places
}

func (e RoleEntry) unreadable(place string) (places []fault.Place) {
	for _, w := range e.wrong {
		if w.Location != "" {
			w.Location = "." + w.Location
		}
		places = append(places, fault.Place{Location: place + w.Location, Message: w.Message})
	}
	return places
}

// longestLoan is how many years ahead an expiry may lie. Nobody plans further, and an offset can carry
// a time beyond the year 9999, which is the last that RFC 3339 can write (section 1): no answer could
// show it.
const longestLoan = 100

// wrongExpiry says what is wrong with an expiry; "" when nothing is.
func wrongExpiry(expires, now time.Time) string {
	switch {
	case !expires.After(now):
		return "must be in the future"
	case expires.After(now.AddDate(longestLoan, 0, 0)):
		return fmt.Sprintf("must be at most %d years ahead", longestLoan)
	}
	return ""
}

// invalid is the refusal of a request that is wrong at these places; nil when there are none.
func invalid(places []fault.Place) error {
	if len(places) == 0 {
		return nil
	}
	return &fault.Error{Code: fault.ErrInvalid, Places: places}
}
