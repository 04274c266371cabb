package accesstest

import (
	"context"
	"database/sql"
	"strings"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/store"
)

// tables hold the objects, the same on both databases. Owners and departments may be gone by the
// time of a world, so that only the object is referred to.
const tables = `
	CREATE TABLE scratch_objects (
		tenant_id  TEXT NOT NULL REFERENCES tenants (tenant_id),
		id         TEXT NOT NULL,
		resource   TEXT NOT NULL,
		assignee   TEXT,
		assignable BOOLEAN NOT NULL,
		PRIMARY KEY (tenant_id, id)
	);
	CREATE TABLE scratch_owners (
		tenant_id TEXT NOT NULL,
		object_id TEXT NOT NULL,
		user_id   TEXT NOT NULL,
		PRIMARY KEY (tenant_id, object_id, user_id),
		FOREIGN KEY (tenant_id, object_id) REFERENCES scratch_objects (tenant_id, id)
	);
	CREATE TABLE scratch_departments (
		tenant_id     TEXT NOT NULL,
		object_id     TEXT NOT NULL,
		department_id TEXT NOT NULL,
		PRIMARY KEY (tenant_id, object_id, department_id),
		FOREIGN KEY (tenant_id, object_id) REFERENCES scratch_objects (tenant_id, id)
	);`

// postgresTables has the fourth wall too, as the migrations build it.
func postgresTables() string {
	var b strings.Builder
	b.WriteString(tables)
	for _, table := range []string{"scratch_objects", "scratch_owners", "scratch_departments"} {
		b.WriteString(strings.ReplaceAll(`
			ALTER TABLE NAME ENABLE ROW LEVEL SECURITY;
			ALTER TABLE NAME FORCE ROW LEVEL SECURITY;
			CREATE POLICY NAME_own ON NAME USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));`,
			"NAME", table))
	}
	return b.String()
}

// coverage says where the tables keep what scopes look at.
var coverage = store.Coverage{
	Owner: `EXISTS (
		SELECT 1
		FROM scratch_owners w
		WHERE w.tenant_id = $1 AND w.object_id = o.id AND w.user_id = ?)`,
	Assignee:   "o.assignee = ?",
	Unassigned: "o.assignable AND o.assignee IS NULL",
	Department: `EXISTS (
		SELECT 1
		FROM scratch_departments d
		WHERE d.tenant_id = $1 AND d.object_id = o.id AND d.department_id IN ?)`,
}

func (l loader) object(o access.Object) error {
	err := l.exec(`
		INSERT INTO scratch_objects (tenant_id, id, resource, assignee, assignable)
		VALUES ($1, $2, $3, $4, $5)`, o.ID, o.Resource, textOrNull(o.Assignee), o.Assignable)
	if err != nil {
		return err
	}
	err = each(o.Owners, func(user string) error {
		return l.exec(`
			INSERT INTO scratch_owners (tenant_id, object_id, user_id)
			VALUES ($1, $2, $3)
			ON CONFLICT DO NOTHING`, o.ID, user)
	})
	if err != nil {
		return err
	}
	return each(o.Departments, func(department string) error {
		return l.exec(`
			INSERT INTO scratch_departments (tenant_id, object_id, department_id)
			VALUES ($1, $2, $3)
			ON CONFLICT DO NOTHING`, o.ID, department)
	})
}

// findObject reads an object of the transaction's tenant back; [store.ErrNotFound] when it has none
// of this id.
func findObject(ctx context.Context, tx *store.Tx, id string) (access.Object, error) {
	o := access.Object{Tenant: tx.Tenant(), ID: id}
	var assignee sql.NullString
	err := tx.QueryRow(ctx, `
		SELECT o.resource, o.assignee, o.assignable
		FROM scratch_objects o
		WHERE o.tenant_id = $1 AND o.id = $2`, []any{id}, &o.Resource, &assignee, &o.Assignable)
	if err != nil {
		return o, err
	}
	o.Assignee = assignee.String
	o.Owners, err = store.Collect(ctx, tx, store.Text, `
		SELECT w.user_id
		FROM scratch_owners w
		WHERE w.tenant_id = $1 AND w.object_id = $2`, id)
	if err != nil {
		return o, err
	}
	o.Departments, err = store.Collect(ctx, tx, store.Text, `
		SELECT d.department_id
		FROM scratch_departments d
		WHERE d.tenant_id = $1 AND d.object_id = $2`, id)
	return o, err
}

// findCovered returns the ids of the objects that the filter covers; of one object only, where an id
// is given.
func findCovered(ctx context.Context, tx *store.Tx, f access.Filter, id string) ([]string, error) {
	w := tx.Where("o")
	w.And("o.resource = ?", f.Resource)
	w.Covered(f, coverage)
	if id != "" {
		w.And("o.id = ?", id)
	}
	return store.Collect(ctx, tx, store.Text, `
		SELECT o.id
		FROM scratch_objects o`+w.String(), w.Args()...)
}
