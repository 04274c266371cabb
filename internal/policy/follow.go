package policy

import (
	"context"
	"fmt"
	"maps"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// follow returns the policy as it stands in the transaction, given one that is known, or nil. What the
// policy log tells of is read again and the rest taken over. Without a known one, and where the log no
// longer tells what has become of it, everything is read.
func follow(ctx context.Context, tx *store.Tx, known *Compiled) (*Compiled, error) {
	t, err := tenant.Find(ctx, tx)
	if err != nil {
		return nil, err
	}
	if known == nil || !logTells(known.Version, t.PolicyVersion) {
		return load(ctx, tx, t)
	}
	c, err := known.follow(ctx, tx, t)
	if err != nil {
		return nil, fmt.Errorf("following the policy: %w", err)
	}
	return c, nil
}

// follow reads what has been written since c was, and what was written at the version of c once more:
// somebody who did not raise it may have come after.
func (c *Compiled) follow(ctx context.Context, tx *store.Tx, t tenant.Tenant) (*Compiled, error) {
	log, err := touchedSince(ctx, tx, c.Version)
	if err != nil {
		return nil, err
	}
	next := newCompiled(t)
	next.roles, next.parents = c.roles, c.parents
	suspended := t.Status == tenant.Suspended
	change := access.Change{Suspended: &suspended}
	for _, read := range []func(context.Context, *store.Tx, touched, *access.Change) error{next.followDepartments, next.followRoles, followUsers} {
		if err := read(ctx, tx, log, &change); err != nil {
			return nil, err
		}
	}
	next.Snapshot, err = c.With(change)
	return next, err
}

func (c *Compiled) followDepartments(ctx context.Context, tx *store.Tx, log touched, change *access.Change) error {
	if !log.departments {
		return nil
	}
	departments, err := loadDepartments(ctx, tx)
	if err != nil {
		return err
	}
	change.Departments = append([]access.Department{}, departments...) // none are not the same as before
	c.parents = parentsOf(departments)
	return nil
}

func (c *Compiled) followRoles(ctx context.Context, tx *store.Tx, log touched, change *access.Change) error {
	if len(log.roles) == 0 {
		return nil
	}
	roles, err := loadRoles(ctx, tx, log.roles)
	if err != nil {
		return err
	}
	marks := maps.Clone(c.roles)
	for _, name := range log.roles {
		delete(marks, name)
	}
	for _, r := range roles {
		change.Roles = append(change.Roles, r.data())
		marks[r.Name] = r.mark()
	}
	for _, name := range log.roles {
		if _, found := marks[name]; !found {
			change.WithoutRoles = append(change.WithoutRoles, name)
		}
	}
	c.roles = marks
	return nil
}

func followUsers(ctx context.Context, tx *store.Tx, log touched, change *access.Change) (err error) {
	if len(log.users) == 0 {
		return nil
	}
	if change.Users, err = loadUsers(ctx, tx, log.users); err != nil {
		return err
	}
	found := map[string]bool{}
	for _, u := range change.Users {
		found[u.ID] = true
	}
	for _, id := range log.users {
		if !found[id] {
			change.WithoutUsers = append(change.WithoutUsers, id)
		}
	}
	return nil
}
