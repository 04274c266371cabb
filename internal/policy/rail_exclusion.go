package policy

import "strings"

// excludedRoles holds users to the exclusions when their assignments change: one that is prolonged or
// comes to reach other departments is a change of them too. Nothing else can make somebody violate an
// exclusion but a change of the exclusion itself, which is refused where it is made.
func excludedRoles(c change) error {
	if len(c.exclusions) == 0 {
		return nil
	}
	for p := range c.rewritten {
		now := p.After.User()
		if sameAssignments(p.Before.User().Assignments, now.Assignments) {
			continue
		}
		for _, x := range c.exclusions {
			if held := x.held(now, c.at); len(held) > x.AtMost {
				return ErrExcludedRoles.With("%s: %s, at most %d of them", x.Name, strings.Join(held, ", "), x.AtMost)
			}
		}
	}
	return nil
}
