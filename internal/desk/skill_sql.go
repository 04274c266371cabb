package desk

import (
	"context"
	"database/sql"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/store"
)

const skillColumns = `
		k.id,
		k.name,
		k.department_id,
		d.name,
		k.fallback_department_id,
		f.name,
		k.relax_seconds IS NOT NULL,
		k.relax_seconds,
		k.overflow_seconds,
		k.open_seconds,
		k.place,
		k.active,
		k.version,
		k.created_at,
		k.updated_at
	FROM skills k
	LEFT JOIN departments d ON d.tenant_id = $1 AND d.id = k.department_id
	LEFT JOIN departments f ON f.tenant_id = $1 AND f.id = k.fallback_department_id`

func findSkill(ctx context.Context, tx *store.Tx, id string) (Skill, error) {
	return store.One(ctx, tx, scanSkill, `SELECT`+skillColumns+`
	WHERE k.tenant_id = $1 AND k.id = $2`, id)
}

func scanSkill(r store.Row) (Skill, error) {
	var k Skill
	var department, departmentName, fallback, fallbackName sql.NullString
	var ages Ages
	var own bool
	var created, updated int64
	err := r.Scan(&k.ID, &k.Name, &department, &departmentName, &fallback, &fallbackName, &own, seconds{&ages.Relax}, seconds{&ages.Overflow}, seconds{&ages.Open},
		&k.Place, &k.Active, &k.Version, &created, &updated)
	k.Department = named{department.String, departmentName.String}
	k.Fallback = named{fallback.String, fallbackName.String}
	if own {
		k.Ages = &ages
	}
	k.CreatedAt, k.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	return k, err
}

func lastSkillPlace(ctx context.Context, tx *store.Tx) (place int, err error) {
	err = tx.QueryRow(ctx, `
		SELECT coalesce(max(k.place), 0)
		FROM skills k
		WHERE k.tenant_id = $1`, nil, &place)
	return place, err
}

// columns are the ages as they are kept.
func (a *Ages) columns() (relax, overflow, open sql.NullInt64) {
	if a == nil {
		return
	}
	of := func(d time.Duration) sql.NullInt64 { return sql.NullInt64{Int64: inSeconds(d), Valid: true} }
	return of(a.Relax), of(a.Overflow), of(a.Open)
}

func (k Skill) insert(ctx context.Context, tx *store.Tx) error {
	relax, overflow, open := k.Ages.columns()
	_, err := tx.Exec(ctx, `
		INSERT INTO skills (tenant_id, id, name, name_key, department_id, fallback_department_id,
			relax_seconds, overflow_seconds, open_seconds, place, active, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)`,
		k.ID, k.Name, k.key(), optional(k.Department.ID), optional(k.Fallback.ID), relax, overflow, open,
		k.Place, k.Active, k.Version, k.CreatedAt.UnixMicro())
	return err
}

// store writes the skill over the version before its own.
func (k Skill) store(ctx context.Context, tx *store.Tx) error {
	relax, overflow, open := k.Ages.columns()
	n, err := tx.Exec(ctx, `
		UPDATE skills
		SET name = $3,
			name_key = $4,
			department_id = $5,
			fallback_department_id = $6,
			relax_seconds = $7,
			overflow_seconds = $8,
			open_seconds = $9,
			place = $10,
			active = $11,
			version = $12,
			updated_at = $13
		WHERE tenant_id = $1 AND id = $2 AND version = $12 - 1`,
		k.ID, k.Name, k.key(), optional(k.Department.ID), optional(k.Fallback.ID), relax, overflow, open,
		k.Place, k.Active, k.Version, k.UpdatedAt.UnixMicro())
	if err == nil && n != 1 {
		err = api.Stale(0)
	}
	return err
}

func (k Skill) delete(ctx context.Context, tx *store.Tx) error {
	n, err := tx.Exec(ctx, `
		DELETE FROM skills
		WHERE tenant_id = $1 AND id = $2 AND version = $3`, k.ID, k.Version)
	if err == nil && n != 1 {
		err = api.Stale(0)
	}
	return err
}
