package policy

import (
	"fmt"
	"slices"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/fault"
)

// Exclusion keeps duties apart: of its roles nobody has more than AtMost. It is the static separation
// of duty of INCITS 359, whose cardinality is AtMost + 1.
type Exclusion struct {
	Name          string   // never changes
	Roles         []string // sorted, each once; more of them than AtMost
	AtMost        int      // 1 or more
	DescriptionZH string
	DescriptionEN string
	Version       int64
	CreatedAt     time.Time
	UpdatedAt     time.Time
}

// maxExcluded is how many roles an exclusion may have.
const maxExcluded = 100

// maxExclusions is how many exclusions a tenant may have, far beyond the duties that anybody keeps apart: every change
// of access is held against all of them.
const maxExclusions = 500

// held are the roles of the exclusion that a user has, sorted. Every assignment counts that has not
// expired, whether its role is active or not, and also beside a permission list.
func (x Exclusion) held(u access.User, at time.Time) []string {
	var roles []string
	for _, a := range u.Assignments {
		if (a.ExpiresAt.IsZero() || a.ExpiresAt.After(at)) && slices.Contains(x.Roles, a.Role) {
			roles = append(roles, a.Role)
		}
	}
	return sortedSet(roles)
}

// tightens reports whether somebody who kept to the exclusion as it was may not keep to it now.
func (x Exclusion) tightens(before Exclusion) bool {
	isNew := func(role string) bool { return !slices.Contains(before.Roles, role) }
	return x.AtMost < before.AtMost || slices.ContainsFunc(x.Roles, isNew)
}

// check refuses roles that do not exist or stand twice, a bound that nobody could pass, and texts that
// nobody could read. The snapshot must be the transaction's.
func (x Exclusion) check(s *access.Snapshot) error {
	var places []fault.Place
	for i, role := range x.Roles {
		here := fmt.Sprintf("body.roles[%d]", i)
		if _, found := s.Role(role); !found {
			places = append(places, fault.Place{Location: here, Message: unknownRole(role, s.RoleNames())})
		}
		if slices.Contains(x.Roles[:i], role) {
			places = append(places, fault.Place{Location: here, Message: "stands twice"})
		}
	}
	if x.AtMost >= len(x.Roles) {
		places = append(places, fault.Place{Location: "body.at_most", Message: "must be less than the number of roles"})
	}
	return invalid(append(places, garbled(
		text{"body.description_zh", x.DescriptionZH, true},
		text{"body.description_en", x.DescriptionEN, true},
	)...))
}
