package exchange

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

func (s *Service) takeUsers(ctx context.Context, tx *store.Tx, by *caller.Caller, after string) (rows []record, next string, err error) {
	found, compiled, n, err := s.readUsers(ctx, tx, by, after)
	if err != nil {
		return nil, "", err
	}
	for _, u := range found {
		subject, _ := compiled.Subject(u.ID)
		var roles []string
		for _, a := range subject.User().Assignments {
			if plain(policy.Assignment(a)) {
				roles = append(roles, a.Role)
			}
		}
		slices.Sort(roles)
		rows = append(rows, record{
			u.Username, u.Name, u.Email, u.Phone, u.Locale, n.paths(u.Departments), roles,
			policy.PermissionNames(subject.User().PermissionList), u.Active, u.WeComUserID,
		})
	}
	return rows, full(found), nil
}

// readUsers reads the users that the caller may take away, with what the policy of the same transaction gives them.
func (s *Service) readUsers(ctx context.Context, tx *store.Tx, by *caller.Caller, after string) (found []identity.User, p *policy.Compiled, n names, err error) {
	reads, err := by.Filter("user:export")
	if err != nil {
		return nil, nil, n, err
	}
	t, err := tenant.Find(ctx, tx)
	if err != nil {
		return nil, nil, n, err
	}
	if p, err = s.config.Policy.At(ctx, tx, t.PolicyVersion); err != nil {
		return nil, nil, n, err
	}
	if n, err = readNames(ctx, tx, by); err != nil {
		return nil, nil, n, err
	}
	found, err = identity.Covered(ctx, tx, reads, after, maxRows)
	return found, p, n, err
}

// full is the last user of those found when there may be more of them.
func full(found []identity.User) string {
	if len(found) < maxRows {
		return ""
	}
	return found[len(found)-1].Username
}

// takeAssignments ends a file with the last user all of whose roles it has room for.
func (s *Service) takeAssignments(ctx context.Context, tx *store.Tx, by *caller.Caller, after string) (rows []record, next string, err error) {
	found, compiled, n, err := s.readUsers(ctx, tx, by, after)
	if err != nil {
		return nil, "", err
	}
	for _, u := range found {
		subject, _ := compiled.Subject(u.ID)
		held := subject.User().Assignments
		if len(rows)+len(held) > maxRows {
			return rows, next, nil
		}
		for _, a := range held {
			rows = append(rows, record{u.Username, a.Role, instant(a.ExpiresAt), n.paths(a.Departments)})
		}
		next = u.Username
	}
	return rows, full(found), nil
}

// instant is empty for never.
func instant(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339Nano)
}

func takeDepartments(ctx context.Context, tx *store.Tx, by *caller.Caller, after string) (rows []record, next string, err error) {
	n, err := readNames(ctx, tx, by)
	if err != nil {
		return nil, "", err
	}
	var paths []string
	for _, id := range n.tree.IDs() {
		if path := n.path(id); n.shown(id) && path > after {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	if len(paths) > maxRows {
		paths, next = paths[:maxRows], paths[maxRows-1]
	}
	for _, path := range paths {
		rows = append(rows, record{path})
	}
	return rows, next, nil
}

func takeRoles(ctx context.Context, tx *store.Tx, by *caller.Caller, after string) (rows []record, next string, err error) {
	reads, err := by.Filter("role:read")
	if err != nil {
		return nil, "", err
	}
	all, err := policy.AllRoles(ctx, tx)
	if err != nil {
		return nil, "", err
	}
	for _, r := range all {
		object := &access.Object{Tenant: by.Tenant, Resource: "role", ID: r.Name}
		if !reads.Covers(object) || strings.Compare(r.Name, after) <= 0 {
			continue
		}
		if len(rows) == maxRows {
			return rows, rows[maxRows-1][0].(string), nil
		}
		rows = append(rows, record{
			r.Name, r.LabelZH, r.LabelEN, r.DescriptionZH, r.DescriptionEN,
			policy.PermissionNames(r.Permissions), r.RequiresMFA, r.Active,
		})
	}
	return rows, "", nil
}
