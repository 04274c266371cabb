package tenant

import (
	"context"
	"database/sql"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/store"
)

const columns = `
		t.tenant_id,
		t.slug,
		t.name,
		t.preset,
		t.locale,
		t.time_zone,
		t.status,
		t.demo,
		t.default_role,
		t.local_password,
		t.max_roles_per_user,
		t.require_second_factor,
		t.idle_minutes,
		t.policy_version,
		t.epoch,
		t.version,
		t.created_at,
		t.updated_at`

// Find returns the tenant that the transaction is bound to; [store.ErrNotFound] when it does not exist.
func Find(ctx context.Context, tx *store.Tx) (Tenant, error) {
	return store.One(ctx, tx, scan, `SELECT`+columns+`
		FROM tenants t
		WHERE t.tenant_id = $1`)
}

// Zone is where the clocks of the transaction's tenant are.
func Zone(ctx context.Context, tx *store.Tx) (*time.Location, error) {
	t, err := Find(ctx, tx)
	if err != nil {
		return nil, err
	}
	return time.LoadLocation(t.TimeZone)
}

// Lock makes every other change of the tenant's access wait until the transaction ends, and returns
// the version of the policy that the transaction makes. It must come first in a change of access:
// what is read before it may already be history. [store.ErrNotFound] when there is no such tenant.
func Lock(ctx context.Context, tx *store.Tx) (policyVersion int64, err error) {
	err = tx.QueryRow(ctx, `
		UPDATE tenants
		SET policy_version = policy_version + 1
		WHERE tenant_id = $1
		RETURNING policy_version`, nil, &policyVersion)
	return policyVersion, err
}

// Hold keeps the tenant's access as it is until the transaction ends, and returns the version of its
// policy. It is for what depends on access and changes none. [store.ErrNotFound] when there is no
// such tenant.
func Hold(ctx context.Context, tx *store.Tx) (policyVersion int64, err error) {
	err = tx.QueryRow(ctx, `
		UPDATE tenants
		SET policy_version = policy_version
		WHERE tenant_id = $1
		RETURNING policy_version`, nil, &policyVersion)
	return policyVersion, err
}

// Share is [Hold] for what many do at once: they do not wait for each other, and changes of access wait for
// them. It need not come first.
func Share(ctx context.Context, tx *store.Tx) (policyVersion int64, err error) {
	query := `
		SELECT t.policy_version
		FROM tenants t
		WHERE t.tenant_id = $1`
	if tx.Dialect() == store.PostgreSQL { // SQLite has one writer at a time
		query += `
		FOR SHARE`
	}
	err = tx.QueryRow(ctx, query, nil, &policyVersion)
	return policyVersion, err
}

// BySlug finds a tenant by what people type to name it; [store.ErrNotFound] when there is none.
func (s *Service) BySlug(ctx context.Context, slug string) (Tenant, error) {
	return s.first(ctx, `WHERE t.slug = $1`, slug)
}

// Known returns the tenant with this id as a transaction across tenants sees it; [store.ErrNotFound]
// when there is none. The platform's is not among them: it is not administered like one.
func Known(ctx context.Context, span *store.Span, id string) (Tenant, error) {
	found, err := store.CollectAcross(ctx, span, scan, `SELECT`+columns+`
		FROM tenants t
		WHERE t.tenant_id = $1 AND t.slug <> $2`, id, Platform)
	if err == nil && len(found) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return Tenant{}, err
	}
	return found[0], nil
}

// Only returns the only tenant besides the platform's; [store.ErrNotFound] when there is none or
// more than one.
func (s *Service) Only(ctx context.Context) (Tenant, error) {
	two, err := s.look(ctx, `WHERE t.slug <> $1 LIMIT 2`, Platform) // strangers ask, however many there are
	if err != nil {
		return Tenant{}, err
	}
	if len(two) != 1 {
		return Tenant{}, store.ErrNotFound
	}
	return two[0], nil
}

// All returns the tenants by slug, without the platform's.
func (s *Service) All(ctx context.Context) ([]Tenant, error) {
	return s.look(ctx, `WHERE t.slug <> $1 ORDER BY t.slug`, Platform)
}

func (s *Service) first(ctx context.Context, clauses string, args ...any) (Tenant, error) {
	found, err := s.look(ctx, clauses, args...)
	if err == nil && len(found) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return Tenant{}, err
	}
	return found[0], nil
}

func (s *Service) look(ctx context.Context, clauses string, args ...any) (found []Tenant, err error) {
	err = s.config.DB.AcrossRead(ctx, store.TenantLookUp, func(span *store.Span) error {
		found, err = store.CollectAcross(ctx, span, scan, `SELECT`+columns+` FROM tenants t `+clauses, args...)
		return err
	})
	return found, err
}

func scan(r store.Row) (Tenant, error) {
	var t Tenant
	var role sql.NullString
	var created, updated int64
	err := r.Scan(&t.ID, &t.Slug, &t.Name, &t.Preset, &t.Locale, &t.TimeZone, &t.Status, &t.Demo,
		&role, &t.LocalPassword, &t.MaxRolesPerUser, &t.RequireSecondFactor, &t.IdleMinutes, &t.PolicyVersion, &t.Epoch, &t.Version, &created, &updated)
	t.DefaultRole = role.String
	t.CreatedAt, t.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	return t, err
}

// insert adds the row of the transaction's tenant and reports whether the slug was free.
func (t Tenant) insert(ctx context.Context, tx *store.Tx) (bool, error) {
	n, err := tx.Exec(ctx, `
		INSERT INTO tenants (tenant_id, slug, name, preset, locale, time_zone, status, demo, default_role,
			local_password, max_roles_per_user, policy_version, epoch, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, $9, $10, $11, $12, $13, $14, $14)
		ON CONFLICT DO NOTHING`,
		t.Slug, t.Name, t.Preset, t.Locale, t.TimeZone, string(t.Status), t.Demo,
		t.LocalPassword, t.MaxRolesPerUser, t.PolicyVersion, t.Epoch, t.Version, t.CreatedAt.UnixMicro())
	return n == 1, err
}

// store writes the settings over the version before theirs.
func (t Tenant) store(ctx context.Context, tx *store.Tx) error {
	n, err := tx.Exec(ctx, `
		UPDATE tenants
		SET name = $2,
			locale = $3,
			time_zone = $4,
			default_role = $5,
			local_password = $6,
			max_roles_per_user = $7,
			require_second_factor = $8,
			idle_minutes = $9,
			version = $10,
			updated_at = $11
		WHERE tenant_id = $1 AND version = $10 - 1`,
		t.Name, t.Locale, t.TimeZone, sql.NullString{String: t.DefaultRole, Valid: t.DefaultRole != ""},
		t.LocalPassword, t.MaxRolesPerUser, t.RequireSecondFactor, t.IdleMinutes, t.Version, t.UpdatedAt.UnixMicro())
	if err == nil && n != 1 {
		err = api.Stale(0)
	}
	return err
}
