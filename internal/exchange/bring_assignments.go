package exchange

import (
	"context"
	"slices"
	"time"

	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// assignmentRow gives a user a role.
type assignmentRow struct {
	number      int
	username    string
	role        string
	expires     *time.Time // nil: never
	departments [][]string // nil: the user's
}

// bringAssignments gives users the roles that they have not yet, and takes none away.
func bringAssignments(by *caller.Caller, in []row, r *report) bringing {
	var rows []assignmentRow
	for _, one := range in {
		before := r.badAll
		if a := readAssignment(one, r); r.badAll == before {
			rows = append(rows, a)
		}
	}
	return func(ctx context.Context, tx *store.Tx, r *report) (err error) {
		b := assignmentImport{by: by, tx: tx, given: map[string][]policy.Assignment{}, r: r}
		if b.tree, err = tenant.LoadTree(ctx, tx); err != nil {
			return err
		}
		var names []string
		for _, a := range rows {
			names = append(names, a.username)
		}
		if b.users, err = identity.FindByUsernames(ctx, tx, names); err != nil {
			return err
		}
		for _, a := range rows {
			if err := b.give(ctx, a); err == nil {
				continue
			} else if err := r.refused(a.number, err); err != nil {
				return err
			}
		}
		return nil
	}
}

func readAssignment(in row, r *report) assignmentRow {
	out := assignmentRow{number: in.number}
	out.username, _ = in.text("username", r)
	out.role, _ = in.text("role", r)
	if text, _ := in.text("expires_at", r); text != "" {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			r.refuse(in.number, "expires_at", "", "expected a time such as 2027-01-31T18:00:00+08:00, or nothing")
		}
		out.expires = &at
	}
	out.departments, _ = in.paths("departments", r)
	return out
}

type assignmentImport struct {
	by    *caller.Caller
	tx    *store.Tx
	tree  *tenant.Tree
	users map[string]identity.User
	given map[string][]policy.Assignment // what earlier rows gave, by user
	r     *report
}

func (b assignmentImport) give(ctx context.Context, row assignmentRow) error {
	u, found := b.users[store.Fold(row.username)]
	if !found {
		return fault.ErrInvalid.At("body.username", "no such user")
	}
	b.r.rowOf[u.ID] = row.number
	if err := policy.MayAssignTo(b.by, u.ID); err != nil {
		return err
	}
	places, err := findAll(b.tree, "departments", row.departments)
	if err != nil {
		return err
	}
	a := policy.Assignment{Role: row.role}
	if row.departments != nil {
		a.Departments = append([]string{}, places...)
	}
	if row.expires != nil {
		a.ExpiresAt = row.expires.UTC().Truncate(time.Microsecond)
	}
	held, list := policy.AssignmentsNow(b.by, u.ID)
	switch {
	case policy.Has(slices.Concat(held, b.given[u.ID]), a):
		b.r.unchanged++
		return nil
	case list != nil:
		return policy.ErrPermissionListStands
	}
	return b.add(ctx, u, a, row.expires)
}

// add gives what the user has not. Their version is raised once, however many roles they are given.
func (b assignmentImport) add(ctx context.Context, u identity.User, a policy.Assignment, expires *time.Time) error {
	entry := policy.RoleEntry{Role: a.Role, ExpiresAt: expires, Departments: a.Departments}
	if _, err := policy.ParseAssignments(b.by.Subject.Snapshot(), b.tx.Now, "body", []policy.RoleEntry{entry}); err != nil {
		return err
	}
	if b.given[u.ID] == nil {
		if err := policy.Raise(ctx, b.tx, u.ID, u.Version); err != nil {
			return err
		}
	}
	b.given[u.ID] = append(b.given[u.ID], a)
	b.r.made("user", u.ID)
	return policy.AddAssignments(ctx, b.tx, u.ID, []policy.Assignment{a})
}
