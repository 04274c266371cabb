package exchange

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
)

// assignmentRow gives a user a role.
type assignmentRow struct {
	username    string
	role        string
	expires     *time.Time // nil: never
	departments [][]string // nil: the user's
}

// bringAssignments gives users the roles that they have not yet, and takes none away.
func bringAssignments(by *caller.Caller, in []row, r *report) bringing {
	rows := readAll(in, r, func(one row) assignmentRow { return readAssignment(one, r) })
	var usernames []string
	for _, a := range rows {
		usernames = append(usernames, a.value.username)
	}
	return func(ctx context.Context, tx *store.Tx, r *report) (err error) {
		b := assignmentImport{
			by: by, tx: tx, entries: policy.NewEntryParser(by.Subject.Snapshot(), tx.Now), given: map[string][]policy.Assignment{}, r: r,
		}
		if b.names, err = readNames(ctx, tx, by); err != nil {
			return err
		}
		if b.users, err = identity.FindByUsernames(ctx, tx, usernames); err != nil {
			return err
		}
		if err := each(ctx, rows, r, func(a numbered[assignmentRow]) error { return b.give(ctx, a.number, a.value) }); err != nil {
			return err
		}
		b.note(ctx)
		return nil
	}
}

func readAssignment(in row, r *report) (out assignmentRow) {
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
	by      *caller.Caller
	tx      *store.Tx
	names   names
	entries *policy.EntryParser
	users   map[string]identity.User
	given   map[string][]policy.Assignment // what earlier rows gave, by user
	order   []string                       // of the users in given
	r       *report
}

// give gives what a row says. A user whom the caller may not see is answered like one who is not there.
func (b *assignmentImport) give(ctx context.Context, number int, row assignmentRow) error {
	u, found := b.users[store.Fold(row.username)]
	err := error(fault.ErrNotFound)
	if found {
		err = policy.MayAssignTo(b.by, u.ID)
	}
	if errors.Is(err, fault.ErrNotFound) {
		err = fault.ErrInvalid.At("body.username", "no such user")
	}
	if err != nil {
		return err
	}
	b.r.rowOf[u.ID] = number
	a, err := b.assignment(row)
	if err != nil {
		return err
	}
	held, list := policy.AssignmentsNow(b.by, u.ID)
	switch {
	case policy.Has(held, a), policy.Has(b.given[u.ID], a):
		b.r.unchanged++
		return nil
	case list != nil:
		return policy.ErrPermissionListStands
	}
	return b.add(ctx, u, a, row.expires, len(held))
}

func (b *assignmentImport) assignment(row assignmentRow) (policy.Assignment, error) {
	a := policy.Assignment{Role: row.role}
	places, err := b.names.find(row.departments)
	if row.departments != nil {
		a.Departments = append([]string{}, places...)
	}
	if row.expires != nil {
		a.ExpiresAt = row.expires.UTC().Truncate(time.Microsecond)
	}
	return a, err
}

// add gives what the user has not, who had some before the file. Their version is raised once, however many roles they
// are given.
func (b *assignmentImport) add(ctx context.Context, u identity.User, a policy.Assignment, expires *time.Time, had int) error {
	entry := policy.RoleEntry{Role: a.Role, ExpiresAt: expires, Departments: a.Departments}
	if _, err := b.entries.Parse("body", []policy.RoleEntry{entry}); err != nil {
		return err
	}
	if err := policy.CheckCount(had, had+len(b.given[u.ID])+1); err != nil {
		return err
	}
	if b.given[u.ID] == nil {
		b.order = append(b.order, u.ID)
		if err := policy.Raise(ctx, b.tx, u.ID, u.Version); err != nil {
			return err
		}
	}
	b.given[u.ID] = append(b.given[u.ID], a)
	b.r.created++
	return policy.AddAssignments(ctx, b.tx, u.ID, []policy.Assignment{a})
}

// note takes notes of each user, whose roles are other ones now.
func (b *assignmentImport) note(ctx context.Context) {
	for _, id := range b.order {
		held, list := policy.AssignmentsNow(b.by, id)
		one, notes := api.NotesOfOne(ctx)
		policy.NoteAccess(one, id, held, slices.Concat(held, b.given[id]), list, list)
		b.r.notes = append(b.r.notes, notes)
	}
}
