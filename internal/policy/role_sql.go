package policy

import (
	"context"
	"database/sql"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/store"
)

const roleColumns = `
		r.name,
		r.built_in,
		r.active,
		coalesce(r.name = (SELECT t.default_role FROM tenants t WHERE t.tenant_id = $1), FALSE),
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
	err := row.Scan(&r.Name, &r.BuiltIn, &r.Active, &r.Default, &r.LabelZH, &r.LabelEN, &r.DescriptionZH, &r.DescriptionEN,
		&permissions, &r.RequiresMFA, &r.Version, &created, &updated)
	if err != nil {
		return Role{}, err
	}
	r.CreatedAt, r.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	r.Permissions, err = decodePermissions(permissions)
	return r, err
}

// loadRoles reads the roles with these names, or all for nil.
func loadRoles(ctx context.Context, tx *store.Tx, names []string) ([]Role, error) {
	w := tx.Where("r")
	among(w, "r.name", names)
	return store.Collect(ctx, tx, scanRole, `
		SELECT`+roleColumns+`
		FROM roles r`+w.String()+`
		ORDER BY r.name`, w.Args()...)
}

// findRole returns [store.ErrNotFound] when the tenant has no such role.
func findRole(ctx context.Context, tx *store.Tx, name string) (Role, error) {
	return store.One(ctx, tx, scanRole, `
		SELECT`+roleColumns+`
		FROM roles r
		WHERE r.tenant_id = $1 AND r.name = $2`, name)
}

// listRoles returns one more than a page, so that the end shows.
func listRoles(ctx context.Context, tx *store.Tx, in *rolesInput, scope access.Filter, after []string) ([]Role, error) {
	w := tx.Where("r")
	w.Covered(scope, store.Coverage{})
	if q := store.Fold(in.Query); q != "" {
		part := store.Containing(q)
		w.And(`r.name LIKE ? ESCAPE '\' OR lower(r.label_en) LIKE ? ESCAPE '\' OR lower(r.label_zh) LIKE ? ESCAPE '\'`, part, part, part)
	}
	if len(after) == 1 {
		w.And("r.name > ?", after[0])
	}
	return store.Collect(ctx, tx, scanRole, `
		SELECT`+roleColumns+`
		FROM roles r`+w.String()+`
		ORDER BY r.name
		LIMIT `+w.First(in.Limit+1), w.Args()...)
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

// updateRole writes a role over the version that it was read at, and returns it as it stands now.
func updateRole(ctx context.Context, tx *store.Tx, r Role) (Role, error) {
	permissions, err := encodePermissions(r.Permissions)
	if err != nil {
		return Role{}, err
	}
	n, err := tx.Exec(ctx, `
		UPDATE roles
		SET active = $4, label_zh = $5, label_en = $6, description_zh = $7, description_en = $8,
			permissions = $9, requires_mfa = $10, version = version + 1, updated_at = $11
		WHERE tenant_id = $1 AND name = $2 AND version = $3`,
		r.Name, r.Version, r.Active, r.LabelZH, r.LabelEN, r.DescriptionZH, r.DescriptionEN,
		permissions, r.RequiresMFA, tx.Now.UnixMicro())
	if err == nil && n == 0 {
		err = api.Stale(0)
	}
	r.Version, r.UpdatedAt = r.Version+1, tx.Now
	return r, err
}

func deleteRole(ctx context.Context, tx *store.Tx, name string) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM roles
		WHERE tenant_id = $1 AND name = $2`, name)
	return err
}

// countHolders counts the users who have a role in any assignment, in force or not.
func countHolders(ctx context.Context, tx *store.Tx, role string) (n int, err error) {
	err = tx.QueryRow(ctx, `
		SELECT count(DISTINCT a.user_id)
		FROM role_assignments a
		WHERE a.tenant_id = $1 AND a.role = $2`, []any{role}, &n)
	return n, err
}

func setRoleDefaults(ctx context.Context, tx *store.Tx, defaultRole string, limit int) error {
	_, err := tx.Exec(ctx, `
		UPDATE tenants
		SET default_role = $2, max_roles_per_user = $3
		WHERE tenant_id = $1`, sql.NullString{String: defaultRole, Valid: defaultRole != ""}, limit)
	return err
}
