package policy

import "slices"

// lastAdministrator refuses to leave the tenant without anybody who could undo a mistake.
func lastAdministrator(c change) error {
	remaining := c.after.Administrators()
	if !slices.ContainsFunc(c.able, func(id string) bool { return slices.Contains(remaining, id) }) {
		return ErrLastAdministrator
	}
	return nil
}
