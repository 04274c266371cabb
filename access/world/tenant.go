package world

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/usher-desk/usher/access"
)

// A Tenant is a policy together with the objects that it is asked about.
type Tenant struct {
	access.Tenant
	Objects []access.Object // of this tenant
}

// tenantJSON is a tenant as a file has it.
type tenantJSON struct {
	ID          string           `json:"id"`
	Status      string           `json:"status"`
	Departments []departmentJSON `json:"departments"`
	Roles       []roleJSON       `json:"roles"`
	Users       []userJSON       `json:"users"`
	Objects     []objectJSON     `json:"objects"`
}

type departmentJSON struct {
	ID     string  `json:"id"`
	Parent *string `json:"parent"`
}

type roleJSON struct {
	Name        string   `json:"name"`
	Active      bool     `json:"active"`
	Permissions []string `json:"permissions"`
}

type userJSON struct {
	ID          string           `json:"id"`
	Active      bool             `json:"active"`
	Departments []string         `json:"departments"`
	Permissions []string         `json:"permissions"` // null: the roles decide
	Roles       []assignmentJSON `json:"roles"`
}

type assignmentJSON struct {
	Role        string     `json:"role"`
	ExpiresAt   *time.Time `json:"expires_at"`
	Departments []string   `json:"departments"` // null: the user's
}

type objectJSON struct {
	ID          string   `json:"id"`
	Resource    string   `json:"resource"`
	Owners      []string `json:"owners"`
	Assignee    *string  `json:"assignee"`
	Assignable  bool     `json:"assignable"`
	Departments []string `json:"departments"`
}

// UnmarshalJSON reads a tenant, its permissions under the built-in catalogue.
func (t *Tenant) UnmarshalJSON(data []byte) error {
	var file tenantJSON
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&file); err != nil {
		return err
	}
	if err := t.read(file); err != nil {
		return fmt.Errorf("tenant %q: %w", file.ID, err)
	}
	return nil
}

func (t *Tenant) read(file tenantJSON) error {
	if file.Status != "active" && file.Status != "suspended" {
		return fmt.Errorf("status %q is neither active nor suspended", file.Status)
	}
	t.ID, t.Suspended = file.ID, file.Status == "suspended"
	for _, d := range file.Departments {
		t.Departments = append(t.Departments, access.Department{ID: d.ID, Parent: deref(d.Parent)})
	}
	for _, r := range file.Roles {
		permissions, err := canonical(r.Permissions)
		if err != nil {
			return fmt.Errorf("role %q: %w", r.Name, err)
		}
		t.Roles = append(t.Roles, access.Role{Name: r.Name, Active: r.Active, Permissions: permissions})
	}
	for _, u := range file.Users {
		user, err := u.user()
		if err != nil {
			return fmt.Errorf("user %q: %w", u.ID, err)
		}
		t.Users = append(t.Users, user)
	}
	for _, o := range file.Objects {
		t.Objects = append(t.Objects, access.Object{
			Tenant: file.ID, Resource: o.Resource, ID: o.ID, Owners: o.Owners,
			Assignee: deref(o.Assignee), Assignable: o.Assignable, Departments: o.Departments,
		})
	}
	return nil
}

// user numbers the assignments, which have no ids in a file.
func (u userJSON) user() (access.User, error) {
	list, err := canonical(u.Permissions)
	user := access.User{ID: u.ID, Active: u.Active, Departments: u.Departments, PermissionList: list}
	for i, a := range u.Roles {
		assignment := access.Assignment{ID: strconv.Itoa(i + 1), Role: a.Role, Departments: a.Departments}
		if a.ExpiresAt != nil {
			assignment.ExpiresAt = *a.ExpiresAt
		}
		user.Assignments = append(user.Assignments, assignment)
	}
	return user, err
}

// canonical keeps nil nil, which for a user's list means something else than
// an empty one.
func canonical(names []string) ([]access.Permission, error) {
	if names == nil {
		return nil, nil
	}
	permissions := make([]access.Permission, len(names))
	for i, name := range names {
		var err error
		if permissions[i], err = access.BuiltIn().Canonical(name); err != nil {
			return nil, err
		}
	}
	return permissions, nil
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
