package policy

import (
	"maps"
	"slices"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
)

// strongerUser refuses to change or remove a user who holds, or could come to hold, what the actor
// does not.
func strongerUser(c change) error {
	for p := range c.rewritten {
		if err := measure(c.actor, p.Before, c.at); err != nil {
			return err
		}
	}
	return nil
}

// measure refuses when the other user is stronger than the actor. What the other could come to hold
// counts: enabling them, or activating a role, would otherwise be a way around.
func measure(actor, other access.Subject, at time.Time) error {
	if lacking := actor.Lacks(other.PotentialGrants(), at); len(lacking) > 0 {
		return ErrStrongerUser.With("you lack %s", tell(lacking))
	}
	return nil
}

// MayTouch refuses, as [ErrStrongerUser], when the user holds what the caller does not. It guards
// what is no part of the policy and therefore not seen by [Service.Change]: credentials, username,
// sessions. The caller must be who they are now: it is asked under Change or after [Service.Hold].
// One's own are one's own.
func MayTouch(by *caller.Caller, user string) error {
	other, found := by.Subject.Snapshot().Subject(user)
	switch {
	case !found:
		return fault.ErrNotFound
	case user == by.User:
		return nil
	}
	return measure(by.Subject, other, by.At)
}

// strongerRole refuses to edit, deactivate or delete a role that holds what the actor does not, in
// the hands of whoever holds it.
func strongerRole(c change) error {
	for _, name := range slices.Sorted(maps.Keys(c.before.roles)) {
		if !c.edits(name) {
			continue
		}
		if lacking := c.actor.Lacks(c.before.RoleGrants(name), c.at); len(lacking) > 0 {
			return ErrStrongerRole.With("you lack %s", tell(lacking))
		}
	}
	return nil
}

// edits reports whether the change edits, deactivates or deletes a role. To activate one is to grant
// it, see [written].
func (c change) edits(role string) bool {
	was, _ := c.before.Role(role)
	is, found := c.after.Role(role)
	if !found {
		return true
	}
	activated := !was.Active && is.Active && slices.Equal(was.Permissions, is.Permissions)
	return c.touches(role) && !activated
}

// touches reports whether a role that stands after the change is new, says something else, or has
// been written to at all.
func (c change) touches(role string) bool {
	was, existed := c.before.Role(role)
	is, _ := c.after.Role(role)
	return !existed || c.before.roles[role].version != c.after.roles[role].version ||
		was.Active != is.Active || !slices.Equal(was.Permissions, is.Permissions)
}
