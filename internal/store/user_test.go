package store_test

import (
	"database/sql"
	"testing"

	"github.com/usher-desk/usher/internal/store"
)

// user is a row that tests look for. As an object of the access rules it is owned by itself; its
// colleague stands for an assignee, and it can be assigned while it is active.
type user struct {
	id, colleague string
	active        bool
	departments   []string
}

func addUser(t *testing.T, db *store.DB, tenant string, u user) {
	t.Helper()
	err := db.Write(t.Context(), tenant, func(tx *store.Tx) error {
		_, err := tx.Exec(t.Context(), `
			INSERT INTO users (tenant_id, id, username, username_key, name, name_key, email, phone, locale, active,
				permission_list, first_admin, epoch, version, created_at, updated_at)
			VALUES ($1, $2, $2, $2, $2, $2, '', '', 'en', $3, $4, $5, 1, 1, 0, 0)`,
			u.id, u.active, sql.NullString{String: u.colleague, Valid: u.colleague != ""}, false)
		if err != nil {
			return err
		}
		for _, d := range u.departments {
			_, err := tx.Exec(t.Context(), `
				INSERT INTO user_departments (tenant_id, user_id, department_id)
				VALUES ($1, $2, $3)`, u.id, d)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
