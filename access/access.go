// Package access decides whether a subject may do something here, and says why.
//
// A permission is resource:action:scope, such as conversation:assign:department.
// Roles are named sets of permissions. A user's assignments of roles, or the
// user's own list of permissions instead, are the user's grants. There are no
// denials: what nobody granted is denied.
//
// The scope says which objects of the subject's own tenant a grant covers:
//
//	own         the subject is the object's owner or assignee, whichever of the
//	            two the catalogue counts for the action
//	unassigned  the object is assignable and has no assignee
//	department  what own covers, and what lies in or below a department that the
//	            grant reaches: the assignment's departments where it names some,
//	            else the user's
//	all         everything
//
// where own < department < all and unassigned < all. An attribute that is
// missing never covers.
//
// [Compile] turns a [Tenant], which is plain data, into a [Snapshot], which is
// immutable; [Snapshot.With] makes the next one from it, at the cost of what has
// changed, and [Compare] tells whom that can concern. A [Catalogue] says what can be granted and asked: an [Operation]
// is looked up in it once. Every question is then a view of one walk over the
// grants of a [Subject]:
//
//	Holds     is there a grant at this scope or higher, whatever the object?
//	Check     may the subject do this to this object? If not, for what reason?
//	Explain   Check, with the roles that allow or the scope that would have
//	Filter    which objects would Check allow? Made for a WHERE clause
//	WhoCan    for which subjects would Check allow?
//	WhatCan   the subject's permissions, each with where it comes from
//	Preview   who gains and loses what between two snapshots?
//
// A [Book] holds the snapshots of many tenants and answers by names.
//
// The package does no I/O and reads no clock: the instant of every question is
// an argument, and must not be the zero time. At that one, as in everything
// else that is unknown or half said, it fails closed.
package access

import "time"

// A Tenant is an organisation's access policy as plain data. Nothing crosses
// its border.
type Tenant struct {
	ID          string
	Suspended   bool // everybody in it holds nothing
	Departments []Department
	Roles       []Role
	Users       []User
}

// A Department is a node of the tenant's forest.
type Department struct {
	ID     string
	Parent string // empty for a root
}

// A Role is a named set of permissions.
type Role struct {
	Name        string // [a-z][a-z0-9_]{0,63}, never "permissions"
	Active      bool   // an inactive role grants nothing
	Permissions []Permission
}

// A User is a subject before compilation.
type User struct {
	ID             string
	Active         bool // an inactive user holds nothing
	Departments    []string
	Assignments    []Assignment
	PermissionList []Permission // nil: the assignments decide; otherwise exactly these do, also when empty
}

// An Assignment gives a user a role. A user may have the same role in several.
type Assignment struct {
	ID          string    // unique among the user's; may be empty where nothing refers to it
	Role        string    // the name of a role of the tenant
	ExpiresAt   time.Time // from this instant on it grants nothing; zero: never
	Departments []string  // what department scopes reach; nil: the user's departments; empty: none
}

// An Object is one instance, as far as access depends on it. For a create it
// is the one about to exist.
type Object struct {
	Tenant      string
	Resource    string // must be the operation's, or nothing covers the object
	ID          string
	Owners      []string // users
	Assignee    string   // a user; empty: nobody
	Assignable  bool
	Departments []string
}

// A Decision is the answer to [Subject.Check]. The zero Decision denies.
type Decision struct {
	Allow  bool
	Reason Reason // of the denial; empty when Allow
	Scope  Scope  // when Allow: the lowest scope at which the grant that was found covers the object
}

// A Reason says why something is denied: the first of these, in this order,
// that holds. The same codes stand in answers of the API and in audit records.
type Reason string

const (
	TenantSuspended   Reason = "tenant_suspended"   // the subject's own tenant
	SubjectInactive   Reason = "subject_inactive"   // the user is disabled
	OtherTenant       Reason = "other_tenant"       // the object is not of the subject's tenant
	RoleInactive      Reason = "role_inactive"      // an unexpired assignment of an inactive role would allow
	AssignmentExpired Reason = "assignment_expired" // an expired assignment would allow
	OutOfScope        Reason = "out_of_scope"       // a grant in force matches, but does not cover the object
	NoPermission      Reason = "no_permission"      // no grant in force matches
)
