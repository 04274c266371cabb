package access

import "fmt"

// Visitor returns a subject that is none of the tenant's users and holds
// exactly these permissions there, belonging to no department: somebody who
// enters the tenant on the record. The id must not be that of a user.
func (s *Snapshot) Visitor(id string, permissions []Permission) (Subject, error) {
	if id == "" || s.users.find(id) != nil {
		return Subject{}, fmt.Errorf("access: tenant %q: %q cannot be the id of a visitor", s.tenant.ID, id)
	}
	data := &User{ID: id, Active: true, PermissionList: append([]Permission{}, permissions...)}
	u := s.newUser(data)
	u.departments = &reach{}
	var err error
	if u.held, err = s.holdList(u, permissions); err != nil {
		return Subject{}, fmt.Errorf("access: tenant %q: visitor %q: %w", s.tenant.ID, id, err)
	}
	return Subject{s, u}, nil
}
