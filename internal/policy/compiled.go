package policy

import (
	"slices"
	"time"

	"github.com/usher-desk/usher/access"
)

// Compiled is a tenant's policy, ready for questions. Like the snapshot in it, it never changes.
type Compiled struct {
	*access.Snapshot
	Version         int64  // of the policy; grows with every change of access
	DefaultRole     string // what a new user gets; "" for none
	MaxRolesPerUser int    // distinct roles; 0 for no limit

	requireSecondFactor bool // of everybody in the tenant
	roles               map[string]roleMark
	parents             map[string]string // of every department; "" for a root
}

// roleMark is what a snapshot does not know of a role.
type roleMark struct {
	version     int64
	requiresMFA bool
}

// DemandsSecondFactor reports whether the tenant, or a role that the user has in force at an instant,
// demands a second factor of the user.
func (c *Compiled) DemandsSecondFactor(user string, at time.Time) bool {
	subject, _ := c.Subject(user)
	return c.requireSecondFactor || slices.ContainsFunc(subject.Roles(at), func(role string) bool { return c.roles[role].requiresMFA })
}

// userObject is a user as an object of the access rules: owned by themselves, in their departments.
// One that the snapshot does not have is in none.
func userObject(s *access.Snapshot, id string) *access.Object {
	o := &access.Object{Tenant: s.TenantID(), Resource: "user", ID: id, Owners: []string{id}}
	if subject, found := s.Subject(id); found {
		o.Departments = subject.User().Departments
	}
	return o
}
