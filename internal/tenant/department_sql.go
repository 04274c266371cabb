package tenant

import (
	"context"
	"database/sql"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/store"
)

const departmentColumns = `
		d.id,
		d.parent_id,
		d.name,
		d.version,
		d.created_at,
		d.updated_at`

// departmentCoverage: a department's departments are itself.
var departmentCoverage = store.Coverage{Department: "d.id IN ?"}

func findDepartment(ctx context.Context, tx *store.Tx, id string) (Department, error) {
	return store.One(ctx, tx, scanDepartment, `SELECT`+departmentColumns+`
		FROM departments d
		WHERE d.tenant_id = $1 AND d.id = $2`, id)
}

// listDepartments returns those that the filter covers by name, one more than the limit.
func listDepartments(ctx context.Context, tx *store.Tx, in *departmentsInput, scope access.Filter, after []string) ([]Department, error) {
	w := tx.Where("d")
	w.Covered(scope, departmentCoverage)
	if q := store.Fold(in.Query); q != "" {
		w.And(`d.name_key LIKE ? ESCAPE '\'`, store.Containing(q))
	}
	if len(in.IDs) > 0 {
		w.And("d.id IN ?", store.Set(in.IDs))
	}
	switch in.Parent {
	case "":
	case rootsOnly:
		w.And("d.parent_id IS NULL")
	default:
		w.And("d.parent_id = ?", in.Parent)
	}
	if len(after) == 2 {
		w.And("(d.name_key, d.id) > (?, ?)", after[0], after[1])
	}
	return store.Collect(ctx, tx, scanDepartment, `SELECT`+departmentColumns+`
		FROM departments d`+w.String()+`
		ORDER BY d.name_key, d.id
		LIMIT `+w.First(in.Limit+1), w.Args()...)
}

func scanDepartment(r store.Row) (Department, error) {
	var d Department
	var parent sql.NullString
	var created, updated int64
	err := r.Scan(&d.ID, &parent, &d.Name, &d.Version, &created, &updated)
	d.Parent = parent.String
	d.CreatedAt, d.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	return d, err
}

func loadForest(ctx context.Context, tx *store.Tx) (forest, error) {
	rows, err := tx.Query(ctx, `
		SELECT d.id, coalesce(d.parent_id, '')
		FROM departments d
		WHERE d.tenant_id = $1`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	f := forest{}
	for rows.Next() {
		var id, parent string
		if err := rows.Scan(&id, &parent); err != nil {
			return nil, err
		}
		f[id] = parent
	}
	return f, rows.Err()
}

// nameFree tells whether no other department directly below the same one has the name.
func (d Department) nameFree(ctx context.Context, tx *store.Tx) (bool, error) {
	var others int
	err := tx.QueryRow(ctx, `
		SELECT count(*)
		FROM departments d
		WHERE d.tenant_id = $1 AND coalesce(d.parent_id, '') = $2 AND d.name_key = $3 AND d.id <> $4`,
		[]any{d.Parent, d.key(), d.ID}, &others)
	return others == 0, err
}

func (d Department) parent() sql.NullString {
	return sql.NullString{String: d.Parent, Valid: d.Parent != ""}
}

func (d Department) insert(ctx context.Context, tx *store.Tx) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO departments (tenant_id, id, parent_id, name, name_key, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`,
		d.ID, d.parent(), d.Name, d.key(), d.Version, d.CreatedAt.UnixMicro())
	return err
}

// store writes the department over the version before its own.
func (d Department) store(ctx context.Context, tx *store.Tx) error {
	n, err := tx.Exec(ctx, `
		UPDATE departments
		SET parent_id = $3,
			name = $4,
			name_key = $5,
			version = $6,
			updated_at = $7
		WHERE tenant_id = $1 AND id = $2 AND version = $6 - 1`,
		d.ID, d.parent(), d.Name, d.key(), d.Version, d.UpdatedAt.UnixMicro())
	if err == nil && n != 1 {
		err = api.Stale(0)
	}
	return err
}

// raiseMembers gives the next version to every user who is in the department, or has a role for it: a
// user's version covers both, and what is there in the old version will be there no more.
func (d Department) raiseMembers(ctx context.Context, tx *store.Tx) error {
	_, err := tx.Exec(ctx, `
		UPDATE users
		SET version = version + 1, updated_at = $3
		WHERE tenant_id = $1 AND id IN (
			SELECT m.user_id
			FROM user_departments m
			WHERE m.tenant_id = $1 AND m.department_id = $2
			UNION
			SELECT a.user_id
			FROM assignment_departments l
			JOIN role_assignments a ON a.tenant_id = l.tenant_id AND a.id = l.assignment_id
			WHERE l.tenant_id = $1 AND a.tenant_id = $1 AND l.department_id = $2)`, d.ID, tx.Now.UnixMicro())
	return err
}

// delete removes the department unless others lie below it.
func (d Department) delete(ctx context.Context, tx *store.Tx) error {
	n, err := tx.Exec(ctx, `
		DELETE FROM departments
		WHERE departments.tenant_id = $1 AND departments.id = $2 AND NOT EXISTS (
			SELECT 1
			FROM departments c
			WHERE c.tenant_id = $1 AND c.parent_id = $2)`, d.ID)
	if err == nil && n != 1 {
		err = errHasChildren
	}
	return err
}
