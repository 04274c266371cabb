package policy

import (
	"slices"

	"github.com/usher-desk/usher/access"
)

// widened returns by how much further the grants of a user reach, because the user was put into
// departments or the forest was moved. A department that is new itself is left out: nothing lies in
// it yet, and what comes to lie in it is a change of its own.
func (c change) widened(was, is access.Subject) (grants []access.Grant) {
	if !c.forestMoved && slices.Equal(sortedSet(was.User().Departments), sortedSet(is.User().Departments)) {
		return nil
	}
	before := reaches(was.PotentialGrants())
	for _, g := range is.PotentialGrants() {
		old, existed := before[keyOf(g)]
		if !existed {
			continue // it is written as a whole, by the role or to the user
		}
		g.Departments = slices.DeleteFunc(g.Departments, func(d string) bool {
			return slices.Contains(old, d) || !c.had(d)
		})
		if len(g.Departments) > 0 {
			grants = append(grants, g)
		}
	}
	return grants
}

// grantKey finds a grant again in another state of the same user.
type grantKey struct {
	access.Permission
	from, assignment string
}

func keyOf(g access.Grant) grantKey { return grantKey{g.Permission, g.From, g.Assignment} }

func reaches(grants []access.Grant) map[grantKey][]string {
	byKey := map[grantKey][]string{}
	for _, g := range grants {
		byKey[keyOf(g)] = g.Departments
	}
	return byKey
}

// had reports whether the department existed before.
func (c change) had(department string) bool {
	_, had := c.before.parents[department]
	return had
}
