package accesstest

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/access/world"
	"github.com/usher-desk/usher/internal/store"
)

func clockAt(now time.Time) func() time.Time { return func() time.Time { return now } }

// load writes the tenants as they are: what the guard rails would never let anybody do may stand in
// a world.
func load(ctx context.Context, db *store.DB, tenants []world.Tenant) error {
	return db.Across(ctx, store.AccessVectors, func(s *store.Span) error {
		for _, t := range tenants {
			err := s.In(ctx, t.ID, func(tx *store.Tx) error { return loader{ctx, tx}.tenant(t) })
			if err != nil {
				return fmt.Errorf("tenant %q cannot be stored: %w", t.ID, err)
			}
		}
		return nil
	})
}

// loader writes one tenant.
type loader struct {
	ctx context.Context
	tx  *store.Tx
}

func (l loader) exec(query string, args ...any) error {
	_, err := l.tx.Exec(l.ctx, query, args...)
	return err
}

// each runs f on every element until one fails.
func each[T any](list []T, f func(T) error) error {
	for _, element := range list {
		if err := f(element); err != nil {
			return err
		}
	}
	return nil
}

func (l loader) tenant(t world.Tenant) error {
	status := "active"
	if t.Suspended {
		status = "suspended"
	}
	err := l.exec(`
		INSERT INTO tenants (tenant_id, slug, name, preset, locale, time_zone, status, demo, default_role,
			local_password, max_roles_per_user, policy_version, epoch, version, created_at, updated_at)
		VALUES ($1, $2, $2, 'it-desk', 'en', 'UTC', $3, $4, NULL, 'enabled', 0, 1, 1, 1, 0, 0)`, t.ID, status, false)
	if err != nil {
		return err
	}
	if err := l.departments(t.Departments); err != nil {
		return err
	}
	if err := each(t.Roles, l.role); err != nil {
		return err
	}
	if err := each(t.Users, l.user); err != nil {
		return err
	}
	return each(t.Objects, l.object)
}

// departments are hung under their parents when all are there: a file may have them in any order.
func (l loader) departments(list []access.Department) error {
	err := each(list, func(d access.Department) error {
		return l.exec(`
			INSERT INTO departments (tenant_id, id, parent_id, name, name_key, version, created_at, updated_at)
			VALUES ($1, $2, NULL, $2, $2, 1, 0, 0)`, d.ID)
	})
	if err != nil {
		return err
	}
	return each(list, func(d access.Department) error {
		return l.exec(`
			UPDATE departments
			SET parent_id = $3
			WHERE tenant_id = $1 AND id = $2`, d.ID, textOrNull(d.Parent))
	})
}

func (l loader) role(r access.Role) error {
	permissions, err := permissionsText(r.Permissions)
	if err != nil {
		return err
	}
	return l.exec(`
		INSERT INTO roles (tenant_id, name, built_in, active, label_zh, label_en, description_zh, description_en,
			permissions, requires_mfa, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $2, $2, '', '', $5, $3, 1, 0, 0)`, r.Name, false, r.Active, permissions)
}

func (l loader) user(u access.User) error {
	var list sql.NullString
	if u.PermissionList != nil {
		text, err := permissionsText(u.PermissionList)
		if err != nil {
			return err
		}
		list = sql.NullString{String: text, Valid: true}
	}
	err := l.exec(`
		INSERT INTO users (tenant_id, id, username, username_key, name, name_key, email, phone, locale, active,
			permission_list, first_admin, epoch, version, created_at, updated_at)
		VALUES ($1, $2, $2, $2, $2, $2, '', '', 'en', $3, $4, $5, 1, 1, 0, 0)`, u.ID, u.Active, list, false)
	if err != nil {
		return err
	}
	err = each(u.Departments, func(d string) error {
		return l.exec(`
			INSERT INTO user_departments (tenant_id, user_id, department_id)
			VALUES ($1, $2, $3)
			ON CONFLICT DO NOTHING`, u.ID, d)
	})
	if err != nil {
		return err
	}
	return each(u.Assignments, func(a access.Assignment) error { return l.assignment(u.ID, a) })
}

// assignment is given an id of its own in the tenant; in a file ids are the user's.
func (l loader) assignment(user string, a access.Assignment) error {
	id := user + "/" + a.ID
	expires := sql.NullInt64{Int64: a.ExpiresAt.UnixMicro(), Valid: !a.ExpiresAt.IsZero()}
	err := l.exec(`
		INSERT INTO role_assignments (tenant_id, id, user_id, role, expires_at, limited, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, 0)`, id, user, a.Role, expires, a.Departments != nil)
	if err != nil {
		return err
	}
	return each(a.Departments, func(d string) error {
		return l.exec(`
			INSERT INTO assignment_departments (tenant_id, assignment_id, department_id)
			VALUES ($1, $2, $3)
			ON CONFLICT DO NOTHING`, id, d)
	})
}

// permissionsText is how lists of permissions are stored.
func permissionsText(list []access.Permission) (string, error) {
	text, err := json.Marshal(append([]access.Permission{}, list...))
	return string(text), err
}

func textOrNull(s string) sql.NullString { return sql.NullString{String: s, Valid: s != ""} }
