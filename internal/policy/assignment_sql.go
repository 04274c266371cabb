package policy

import (
	"context"
	"database/sql"
	"slices"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/store"
)

// Assignments returns the roles of a user as stored, in the order in which they were given.
func Assignments(ctx context.Context, tx *store.Tx, user string) ([]Assignment, error) {
	byUser, err := loadAssignments(ctx, tx, []string{user})
	return byUser[user], err
}

// SetAssignments makes these the roles of a user. One that says the same as before keeps its id.
// The user, the roles and departments must exist; the guard rails are [Service.Change]'s.
func SetAssignments(ctx context.Context, tx *store.Tx, user string, list []Assignment) error {
	before, err := Assignments(ctx, tx, user)
	if err != nil {
		return err
	}
	for _, a := range list {
		if kept := slices.IndexFunc(before, a.same); kept >= 0 {
			before = slices.Delete(before, kept, kept+1)
			continue
		}
		if err := insertAssignment(ctx, tx, user, a); err != nil {
			return err
		}
	}
	for _, gone := range before {
		if _, err := tx.Exec(ctx, `
			DELETE FROM role_assignments
			WHERE tenant_id = $1 AND id = $2`, gone.ID); err != nil {
			return err
		}
	}
	return nil
}

func insertAssignment(ctx context.Context, tx *store.Tx, user string, a Assignment) error {
	id := store.NewID(tx.Now)
	err := tx.Later(ctx, `
		INSERT INTO role_assignments (tenant_id, id, user_id, role, expires_at, limited, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		id, user, a.Role, micros(a.ExpiresAt), a.Departments != nil, tx.Now.UnixMicro())
	if err != nil {
		return err
	}
	for _, d := range sortedSet(a.Departments) {
		err := tx.Later(ctx, `
			INSERT INTO assignment_departments (tenant_id, assignment_id, department_id)
			VALUES ($1, $2, $3)`, id, d)
		if err != nil {
			return err
		}
	}
	return nil
}

// SetPermissionList makes this the user's own list; nil lets the roles decide again.
func SetPermissionList(ctx context.Context, tx *store.Tx, user string, list []access.Permission) error {
	var text sql.NullString
	if list != nil {
		encoded, err := encodePermissions(list)
		if err != nil {
			return err
		}
		text = sql.NullString{String: encoded, Valid: true}
	}
	n, err := tx.Exec(ctx, `
		UPDATE users
		SET permission_list = $3
		WHERE tenant_id = $1 AND id = $2`, user, text)
	if err == nil && n == 0 {
		err = store.ErrNotFound
	}
	return err
}

// PermissionList returns the user's own list; nil when the roles decide.
func PermissionList(ctx context.Context, tx *store.Tx, user string) ([]access.Permission, error) {
	var text sql.NullString
	err := tx.QueryRow(ctx, `
		SELECT u.permission_list
		FROM users u
		WHERE u.tenant_id = $1 AND u.id = $2`, []any{user}, &text)
	if err != nil || !text.Valid {
		return nil, err
	}
	return decodePermissions(text.String)
}

// given is an assignment in somebody's hands.
type given struct {
	Assignment
	user    string
	limited bool // it has departments of its own, perhaps none
}

// loadAssignments reads the assignments of these users, or of all for nil. It asks for them by user, as there
// is an index for that: for the sake of another order SQLite would go through everybody's.
func loadAssignments(ctx context.Context, tx *store.Tx, users []string) (map[string][]Assignment, error) {
	w := tx.Where("a")
	among(w, "a.user_id", users)
	list, err := store.Collect(ctx, tx, scanGiven, `
		SELECT a.user_id, a.id, a.role, a.expires_at, a.limited
		FROM role_assignments a`+w.String()+`
		ORDER BY a.user_id, a.id`, w.Args()...)
	if err != nil {
		return nil, err
	}
	var limited []string // nil: all
	for _, g := range list {
		if users != nil && g.limited {
			limited = append(limited, g.ID)
		}
	}
	var departments map[string][]string
	if users == nil || limited != nil {
		if departments, err = assignmentDepartments(ctx, tx, limited); err != nil {
			return nil, err
		}
	}
	byUser := map[string][]Assignment{}
	for _, g := range list {
		if g.limited { // without departments it is told from one that has none of its own
			g.Departments = append([]string{}, departments[g.ID]...)
		}
		byUser[g.user] = append(byUser[g.user], g.Assignment)
	}
	return byUser, nil
}

func scanGiven(r store.Row) (g given, err error) {
	var expires sql.NullInt64
	err = r.Scan(&g.user, &g.ID, &g.Role, &expires, &g.limited)
	g.ExpiresAt = fromMicros(expires)
	return g, err
}

// assignmentDepartments reads the departments of these assignments, or of all for nil.
func assignmentDepartments(ctx context.Context, tx *store.Tx, assignments []string) (map[string][]string, error) {
	w := tx.Where("d")
	among(w, "d.assignment_id", assignments)
	return loadPairs(ctx, tx, `
		SELECT d.assignment_id, d.department_id
		FROM assignment_departments d`+w.String()+`
		ORDER BY d.assignment_id, d.department_id`, w.Args()...)
}
