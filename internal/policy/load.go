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
func Load(ctx context.Context, tx *store.Tx) (*Compiled, error) { return follow(ctx, tx, nil) }

func load(ctx context.Context, tx *store.Tx, t tenant.Tenant) (*Compiled, error) {
	c := newCompiled(t)
	data := access.Tenant{ID: t.ID, Suspended: t.Status == tenant.Suspended}
	if err := c.read(ctx, tx, &data); err != nil {
		return nil, fmt.Errorf("loading the policy: %w", err)
	}
	var err error
	c.Snapshot, err = access.Compile(catalogueOf(t.ID), data)
	return c, err
}

// newCompiled takes over what the tenant's own row says of access.
func newCompiled(t tenant.Tenant) *Compiled {
	return &Compiled{
		Version:             t.PolicyVersion,
		DefaultRole:         t.DefaultRole,
		MaxRolesPerUser:     t.MaxRolesPerUser,
		requireSecondFactor: t.RequireSecondFactor,
	}
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
	c.parents = parentsOf(data.Departments)
	roles, err := loadRoles(ctx, tx, nil)
	if err != nil {
		return err
	}
	c.roles = map[string]roleMark{}
	for _, r := range roles {
		data.Roles = append(data.Roles, r.data())
		c.roles[r.Name] = r.mark()
	}
	data.Users, err = loadUsers(ctx, tx, nil)
	return err
}

// data is the role as far as access depends on it.
func (r Role) data() access.Role {
	return access.Role{Name: r.Name, Active: r.Active, Permissions: r.Permissions}
}

func (r Role) mark() roleMark { return roleMark{version: r.Version, requiresMFA: r.RequiresMFA} }

func parentsOf(departments []access.Department) map[string]string {
	parents := map[string]string{}
	for _, d := range departments {
		parents[d.ID] = d.Parent
	}
	return parents
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

// loadUsers puts users together from three tables, each read once: those with these ids, or all for
// nil.
func loadUsers(ctx context.Context, tx *store.Tx, ids []string) ([]access.User, error) {
	users, err := collectUsers(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	w := tx.Where("m")
	among(w, "m.user_id", ids)
	departments, err := loadPairs(ctx, tx, `
		SELECT m.user_id, m.department_id
		FROM user_departments m`+w.String()+`
		ORDER BY m.user_id, m.department_id`, w.Args()...)
	if err != nil {
		return nil, err
	}
	assignments, err := loadAssignments(ctx, tx, ids)
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

func collectUsers(ctx context.Context, tx *store.Tx, ids []string) ([]access.User, error) {
	w := tx.Where("u")
	among(w, "u.id", ids)
	return store.Collect(ctx, tx, scanUser, `
		SELECT u.id, u.active, u.permission_list
		FROM users u`+w.String()+`
		ORDER BY u.id`, w.Args()...)
}

// among narrows a statement to rows that name one of these, unless they are nil.
func among(w *store.Where, column string, names []string) {
	if names != nil {
		w.And(column+" IN ?", store.Set(names))
	}
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
