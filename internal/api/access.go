package api

import (
	"github.com/usher-desk/usher/access"
)

// Access says who may call an operation before anything about its object is known.
type Access struct {
	permissions []string
	reason      string
	anyone      bool
}

// Needs demands the permission, resource:action, at any scope; the handler asks about the object.
// Where alternatives are named, any of them lets the caller in.
func Needs(permission string, alternatives ...string) Access {
	return Access{permissions: append([]string{permission}, alternatives...)}
}

// SignedIn lets every authenticated caller in, for the stated reason.
func SignedIn(reason string) Access { return Access{reason: reason} }

// Anyone lets callers in without authentication, for the stated reason.
func Anyone(reason string) Access { return Access{reason: reason, anyone: true} }

// Permission is the one that the operation needs first of all, "" for none.
func (a Access) Permission() string {
	if len(a.permissions) == 0 {
		return ""
	}
	return a.permissions[0]
}

// Permissions are those of which one is needed; none where the operation needs no permission.
func (a Access) Permissions() []string { return a.permissions }

// Anyone tells whether no authentication is needed.
func (a Access) Anyone() bool { return a.anyone }

// lookUp finds resource:action in the catalogues that have it: that of tenants, that of the platform.
func lookUp(permission string) []access.Operation {
	p, err := access.Parse(permission)
	if err != nil {
		return nil
	}
	var found []access.Operation
	for _, c := range []*access.Catalogue{access.BuiltIn(), access.Platform()} {
		if op, err := c.Operation(p.Resource, p.Action); err == nil {
			found = append(found, op)
		}
	}
	return found
}
