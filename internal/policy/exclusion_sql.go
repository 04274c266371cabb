package policy

import (
	"context"
	"slices"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/store"
)

const exclusionColumns = `
		x.name,
		x.at_most,
		x.description_zh,
		x.description_en,
		x.version,
		x.created_at,
		x.updated_at`

func scanExclusion(row store.Row) (Exclusion, error) {
	var x Exclusion
	var created, updated int64
	err := row.Scan(&x.Name, &x.AtMost, &x.DescriptionZH, &x.DescriptionEN, &x.Version, &created, &updated)
	x.CreatedAt, x.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	return x, err
}

// loadExclusions reads all exclusions of the tenant.
func loadExclusions(ctx context.Context, tx *store.Tx) ([]Exclusion, error) {
	found, err := store.Collect(ctx, tx, scanExclusion, `
		SELECT`+exclusionColumns+`
		FROM exclusions x
		WHERE x.tenant_id = $1
		ORDER BY x.name`)
	if err != nil {
		return nil, err
	}
	return found, addRoles(ctx, tx, found)
}

// findExclusion returns [store.ErrNotFound] when the tenant has no such exclusion.
func findExclusion(ctx context.Context, tx *store.Tx, name string) (Exclusion, error) {
	x, err := store.One(ctx, tx, scanExclusion, `
		SELECT`+exclusionColumns+`
		FROM exclusions x
		WHERE x.tenant_id = $1 AND x.name = $2`, name)
	if err != nil {
		return Exclusion{}, err
	}
	found := []Exclusion{x}
	err = addRoles(ctx, tx, found)
	return found[0], err
}

// listExclusions returns one more than a page, so that the end shows.
func listExclusions(ctx context.Context, tx *store.Tx, in *exclusionsInput, scope access.Filter, after []string) ([]Exclusion, error) {
	w := tx.Where("x")
	w.Covered(scope, store.Coverage{})
	if len(after) == 1 {
		w.And("x.name > ?", after[0])
	}
	found, err := store.Collect(ctx, tx, scanExclusion, `
		SELECT`+exclusionColumns+`
		FROM exclusions x`+w.String()+`
		ORDER BY x.name
		LIMIT `+w.First(in.Limit+1), w.Args()...)
	if err != nil {
		return nil, err
	}
	return found, addRoles(ctx, tx, found)
}

// addRoles completes exclusions with their roles.
func addRoles(ctx context.Context, tx *store.Tx, found []Exclusion) error {
	if len(found) == 0 {
		return nil
	}
	names := store.Set{}
	for _, x := range found {
		names = append(names, x.Name)
	}
	w := tx.Where("r")
	w.And("r.exclusion IN ?", names)
	roles, err := loadPairs(ctx, tx, `
		SELECT r.exclusion, r.role
		FROM exclusion_roles r`+w.String()+`
		ORDER BY r.exclusion, r.role`, w.Args()...)
	for i := range found {
		found[i].Roles = roles[found[i].Name]
	}
	return err
}

// joinExclusions puts a role into every exclusion that another one is in, and returns the names of these.
func joinExclusions(ctx context.Context, tx *store.Tx, of, role string) ([]string, error) {
	full, err := exclusionsWhere(ctx, tx, "n.roles >= $3", of, maxExcluded)
	if err == nil && len(full) > 0 {
		err = ErrExclusionFull.With("%s", tellSome(full, told))
	}
	if err != nil {
		return nil, err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO exclusion_roles (tenant_id, exclusion, role)
		SELECT $1, r.exclusion, $3
		FROM exclusion_roles r
		WHERE r.tenant_id = $1 AND r.role = $2`, of, role)
	if err != nil {
		return nil, err
	}
	return renewExclusions(ctx, tx, of)
}

// leaveExclusions takes a role that nobody has out of every exclusion that it is in, and returns the names of these. It
// refuses where those that remain would keep nothing apart any more: an exclusion ends by who may end it.
func leaveExclusions(ctx context.Context, tx *store.Tx, role string) ([]string, error) {
	bound, err := exclusionsWhere(ctx, tx, "n.roles - 1 <= x.at_most", role)
	if err == nil && len(bound) > 0 {
		err = ErrRoleInExclusion.With("%s", tellSome(bound, told))
	}
	if err != nil {
		return nil, err
	}
	left, err := renewExclusions(ctx, tx, role)
	if err != nil {
		return nil, err
	}
	_, err = tx.Exec(ctx, `
		DELETE FROM exclusion_roles
		WHERE tenant_id = $1 AND role = $2`, role)
	return left, err
}

// exclusionsWhere returns the names of those exclusions of a role of which something is so; n.roles is how many roles one has.
func exclusionsWhere(ctx context.Context, tx *store.Tx, so, role string, args ...any) ([]string, error) {
	return store.Collect(ctx, tx, store.Text, `
		SELECT x.name
		FROM exclusions x
		JOIN (
			SELECT r.exclusion, count(*) AS roles, sum(CASE WHEN r.role = $2 THEN 1 ELSE 0 END) AS its
			FROM exclusion_roles r
			WHERE r.tenant_id = $1
			GROUP BY r.exclusion) n ON n.exclusion = x.name
		WHERE x.tenant_id = $1 AND n.its > 0 AND `+so+`
		ORDER BY x.name`, append([]any{role}, args...)...)
}

// renewExclusions gives every exclusion that a role is in its next version, and returns their names.
func renewExclusions(ctx context.Context, tx *store.Tx, role string) ([]string, error) {
	names, err := store.Collect(ctx, tx, store.Text, `
		UPDATE exclusions
		SET version = version + 1, updated_at = $3
		WHERE tenant_id = $1 AND name IN (
			SELECT r.exclusion
			FROM exclusion_roles r
			WHERE r.tenant_id = $1 AND r.role = $2)
		RETURNING name`, role, tx.Now.UnixMicro())
	slices.Sort(names)
	return names, err
}

// countExclusions returns how many the tenant has.
func countExclusions(ctx context.Context, tx *store.Tx) (n int, err error) {
	err = tx.QueryRow(ctx, `
		SELECT count(*)
		FROM exclusions x
		WHERE x.tenant_id = $1`, nil, &n)
	return n, err
}

// insertExclusion adds an exclusion and reports whether the name was free.
func insertExclusion(ctx context.Context, tx *store.Tx, x Exclusion) (bool, error) {
	n, err := tx.Exec(ctx, `
		INSERT INTO exclusions (tenant_id, name, at_most, description_zh, description_en, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, 1, $6, $6)
		ON CONFLICT DO NOTHING`,
		x.Name, x.AtMost, x.DescriptionZH, x.DescriptionEN, tx.Now.UnixMicro())
	if err != nil || n == 0 {
		return false, err
	}
	return true, insertExclusionRoles(ctx, tx, x)
}

func insertExclusionRoles(ctx context.Context, tx *store.Tx, x Exclusion) error {
	for _, role := range x.Roles {
		_, err := tx.Exec(ctx, `
			INSERT INTO exclusion_roles (tenant_id, exclusion, role)
			VALUES ($1, $2, $3)`, x.Name, role)
		if err != nil {
			return err
		}
	}
	return nil
}

// updateExclusion writes an exclusion over the version that it was read at, and returns it as it
// stands now.
func updateExclusion(ctx context.Context, tx *store.Tx, x Exclusion) (Exclusion, error) {
	n, err := tx.Exec(ctx, `
		UPDATE exclusions
		SET at_most = $4, description_zh = $5, description_en = $6, version = version + 1, updated_at = $7
		WHERE tenant_id = $1 AND name = $2 AND version = $3`,
		x.Name, x.Version, x.AtMost, x.DescriptionZH, x.DescriptionEN, tx.Now.UnixMicro())
	if err == nil && n == 0 {
		err = api.Stale(0)
	}
	if err != nil {
		return Exclusion{}, err
	}
	_, err = tx.Exec(ctx, `
		DELETE FROM exclusion_roles
		WHERE tenant_id = $1 AND exclusion = $2`, x.Name)
	if err != nil {
		return Exclusion{}, err
	}
	x.Version, x.UpdatedAt = x.Version+1, tx.Now
	return x, insertExclusionRoles(ctx, tx, x)
}

// deleteExclusion deletes an exclusion; its roles are its own no longer.
func deleteExclusion(ctx context.Context, tx *store.Tx, name string) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM exclusions
		WHERE tenant_id = $1 AND name = $2`, name)
	return err
}
