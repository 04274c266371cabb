package policy

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// Load reads the policy as it stands in the transaction and compiles it. [store.ErrNotFound] when
// there is no such tenant.
func Load(ctx context.Context, tx *store.Tx) (*Compiled, error) {
	t, err := tenant.Find(ctx, tx)
	if err != nil {
		return nil, err
	}
	c := &Compiled{
		Version:             t.PolicyVersion,
		DefaultRole:         t.DefaultRole,
		MaxRolesPerUser:     t.MaxRolesPerUser,
		requireSecondFactor: t.RequireSecondFactor,
		roles:               map[string]roleMark{},
		parents:             map[string]string{},
	}
	data := access.Tenant{ID: t.ID, Suspended: t.Status == tenant.Suspended}
	if err := c.read(ctx, tx, &data); err != nil {
		return nil, fmt.Errorf("loading the policy: %w", err)
	}
	c.Snapshot, err = access.Compile(catalogueOf(t.ID), data)
	return c, err
}

// catalogueOf returns the catalogue that bounds what can be granted and asked in a tenant.
func catalogueOf(id string) *access.Catalogue {
	if id == tenant.Platform {
		return access.Platform()
	}
	return access.BuiltIn()
}

func (c *Compiled) read(ctx context.Context, tx *store.Tx, data *access.Tenant) (err error) {
	if data.Departments, err = loadDepartments(ctx, tx); err != nil {
		return err
	}
	for _, d := range data.Departments {
		c.parents[d.ID] = d.Parent
	}
	roles, err := loadRoles(ctx, tx)
	if err != nil {
		return err
	}
	for _, r := range roles {
		data.Roles = append(data.Roles, access.Role{Name: r.Name, Active: r.Active, Permissions: r.Permissions})
		c.roles[r.Name] = roleMark{version: r.Version, requiresMFA: r.RequiresMFA}
	}
	data.Users, err = loadUsers(ctx, tx)
	return err
}

func loadDepartments(ctx context.Context, tx *store.Tx) ([]access.Department, error) {
	return store.Collect(ctx, tx, func(r store.Row) (access.Department, error) {
		var d access.Department
		var parent sql.NullString
		err := r.Scan(&d.ID, &parent)
		d.Parent = parent.String
		return d, err
	}, `
		SELECT d.id, d.parent_id
		FROM departments d
		WHERE d.tenant_id = $1
		ORDER BY d.id`)
}

// loadUsers puts the users together from three tables, each read once.
func loadUsers(ctx context.Context, tx *store.Tx) ([]access.User, error) {
	users, err := store.Collect(ctx, tx, scanUser, `
		SELECT u.id, u.active, u.permission_list
		FROM users u
		WHERE u.tenant_id = $1
		ORDER BY u.id`)
	if err != nil {
		return nil, err
	}
	departments, err := loadPairs(ctx, tx, `
		SELECT m.user_id, m.department_id
		FROM user_departments m
		WHERE m.tenant_id = $1
		ORDER BY m.user_id, m.department_id`)
	if err != nil {
		return nil, err
	}
	assignments, err := loadAssignments(ctx, tx, "")
	if err != nil {
		return nil, err
	}
	for i := range users {
		u := &users[i]
		u.Departments = departments[u.ID]
		for _, a := range assignments[u.ID] {
			u.Assignments = append(u.Assignments, access.Assignment(a))
		}
	}
	return users, nil
}

func scanUser(r store.Row) (access.User, error) {
	var u access.User
	var list sql.NullString
	if err := r.Scan(&u.ID, &u.Active, &list); err != nil || !list.Valid {
		return u, err
	}
	var err error
	u.PermissionList, err = decodePermissions(list.String)
	return u, err
}

// loadPairs gathers the second column of a query under the first.
func loadPairs(ctx context.Context, tx *store.Tx, query string, args ...any) (map[string][]string, error) {
	pairs := map[string][]string{}
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			return nil, err
		}
		pairs[key] = append(pairs[key], value)
	}
	return pairs, rows.Err()
}

// decodePermissions reads what encodePermissions wrote; the list is never nil, which would mean
// something else in a user.
func decodePermissions(text string) ([]access.Permission, error) {
	list := []access.Permission{}
	err := json.Unmarshal([]byte(text), &list)
	return list, err
}

// encodePermissions writes canonical strings as a JSON array.
func encodePermissions(list []access.Permission) (string, error) {
	if list == nil {
		list = []access.Permission{}
	}
	text, err := json.Marshal(list)
	return string(text), err
}

func micros(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMicro(), Valid: !t.IsZero()}
}

func fromMicros(n sql.NullInt64) time.Time {
	if !n.Valid {
		return time.Time{}
	}
	return time.UnixMicro(n.Int64).UTC()
}
