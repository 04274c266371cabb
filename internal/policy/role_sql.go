package policy

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/store"
)

const roleColumns = `
		r.name,
		r.built_in,
		r.active,
		r.label_zh,
		r.label_en,
		r.description_zh,
		r.description_en,
		r.permissions,
		r.requires_mfa,
		r.version,
		r.created_at,
		r.updated_at`

func scanRole(row store.Row) (Role, error) {
	var r Role
	var permissions string
	var created, updated int64
	err := row.Scan(&r.Name, &r.BuiltIn, &r.Active, &r.LabelZH, &r.LabelEN, &r.DescriptionZH, &r.DescriptionEN,
		&permissions, &r.RequiresMFA, &r.Version, &created, &updated)
	if err != nil {
		return Role{}, err
	}
	r.CreatedAt, r.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	r.Permissions, err = decodePermissions(permissions)
	return r, err
}

func loadRoles(ctx context.Context, tx *store.Tx) ([]Role, error) {
	return store.Collect(ctx, tx, scanRole, `
		SELECT`+roleColumns+`
		FROM roles r
		WHERE r.tenant_id = $1
		ORDER BY r.name`)
}

// insertRole adds a role and reports whether the name was free.
func insertRole(ctx context.Context, tx *store.Tx, r Role) (bool, error) {
	permissions, err := encodePermissions(r.Permissions)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `
		INSERT INTO roles (tenant_id, name, built_in, active, label_zh, label_en, description_zh, description_en,
			permissions, requires_mfa, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $11)
		ON CONFLICT DO NOTHING`,
		r.Name, r.BuiltIn, r.Active, r.LabelZH, r.LabelEN, r.DescriptionZH, r.DescriptionEN,
		permissions, r.RequiresMFA, tx.Now.UnixMicro())
	return n == 1, err
}

func setRoleDefaults(ctx context.Context, tx *store.Tx, defaultRole string, limit int) error {
	_, err := tx.Exec(ctx, `
		UPDATE tenants
		SET default_role = $2, max_roles_per_user = $3
		WHERE tenant_id = $1`, sql.NullString{String: defaultRole, Valid: defaultRole != ""}, limit)
	return err
}

// sortedPermissions returns each permission once, in the order of the canonical strings.
func sortedPermissions(list []access.Permission) []access.Permission {
	sorted := append([]access.Permission{}, list...)
	slices.SortFunc(sorted, func(a, b access.Permission) int { return strings.Compare(a.String(), b.String()) })
	return slices.Compact(sorted)
}
