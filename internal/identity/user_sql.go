package identity

import (
	"context"
	"database/sql"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/store"
)

const userColumns = `
		u.id,
		u.username,
		u.name,
		u.email,
		u.phone,
		u.locale,
		u.wecom_user_id,
		u.active,
		u.password_hash,
		u.must_change_password,
		EXISTS (SELECT 1 FROM second_factors f WHERE f.tenant_id = $1 AND f.user_id = u.id),
		u.first_admin,
		u.epoch,
		u.version,
		u.created_at,
		u.updated_at`

// Find returns a user of the transaction's tenant; [store.ErrNotFound] when there is none.
func Find(ctx context.Context, tx *store.Tx, id string) (User, error) {
	return findUser(ctx, tx, "u.id = ?", id)
}

// FindByUsername finds a user by what people type, in any case and width; [store.ErrNotFound] when
// there is none.
func FindByUsername(ctx context.Context, tx *store.Tx, name string) (User, error) {
	return findUser(ctx, tx, "u.username_key = ?", store.Fold(name))
}

// FindFirstAdmin finds the first administrator of the transaction's tenant as long as they have never
// been in; [store.ErrNotFound] from then on.
func FindFirstAdmin(ctx context.Context, tx *store.Tx) (User, error) {
	return findUser(ctx, tx, "u.first_admin = ? AND u.active", true)
}

func findUser(ctx context.Context, tx *store.Tx, condition string, value any) (User, error) {
	w := tx.Where("u")
	w.And(condition, value)
	found, err := store.Collect(ctx, tx, scanUser, `SELECT`+userColumns+`
		FROM users u`+w.String(), w.Args()...)
	if err == nil && len(found) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return User{}, err
	}
	return found[0], addDepartments(ctx, tx, found)
}

func scanUser(r store.Row) (User, error) {
	var u User
	var wecom, hash sql.NullString
	var created, updated int64
	err := r.Scan(&u.ID, &u.Username, &u.Name, &u.Email, &u.Phone, &u.Locale, &wecom, &u.Active, &hash,
		&u.MustChange, &u.Enrolled, &u.FirstAdmin, &u.Epoch, &u.Version, &created, &updated)
	u.WeComUserID = wecom.String
	if hash.Valid {
		u.PasswordHash = &hash.String
	}
	u.CreatedAt, u.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	return u, err
}

// addDepartments fills in the departments of users just read.
func addDepartments(ctx context.Context, tx *store.Tx, users []User) error {
	at := map[string]int{}
	var ids store.Set
	for i, u := range users {
		at[u.ID] = i
		ids = append(ids, u.ID)
	}
	w := tx.Where("m")
	w.And("m.user_id IN ?", ids)
	rows, err := tx.Query(ctx, `
		SELECT m.user_id, m.department_id
		FROM user_departments m`+w.String()+`
		ORDER BY m.user_id, m.department_id`, w.Args()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var user, department string
		if err := rows.Scan(&user, &department); err != nil {
			return err
		}
		u := &users[at[user]]
		u.Departments = append(u.Departments, department)
	}
	return rows.Err()
}

const insertUser = `
		INSERT INTO users (tenant_id, id, username, username_key, name, name_key, email, phone, locale,
			active, first_admin, epoch, version, created_at, updated_at, password_hash, must_change_password, wecom_user_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $15, $16, $17)`

// insert adds the user's row and reports whether the username was free.
func (u User) insert(ctx context.Context, tx *store.Tx) (bool, error) {
	n, err := tx.Exec(ctx, insertUser+`
		ON CONFLICT DO NOTHING`, u.values()...)
	return n == 1, err
}

// values are those that insertUser takes.
func (u User) values() []any {
	return []any{
		u.ID, u.Username, store.Fold(u.Username), u.Name, store.Fold(u.Name), u.Email, u.Phone, u.Locale,
		u.Active, u.FirstAdmin, u.Epoch, u.Version, u.CreatedAt.UnixMicro(), u.PasswordHash, u.MustChange,
		sql.NullString{String: u.WeComUserID, Valid: u.WeComUserID != ""},
	}
}

// store writes profile and active flag over the version before the user's own.
func (u User) store(ctx context.Context, tx *store.Tx) error {
	n, err := tx.Exec(ctx, `
		UPDATE users
		SET username = $3,
			username_key = $4,
			name = $5,
			name_key = $6,
			email = $7,
			phone = $8,
			locale = $9,
			active = $10,
			version = $11,
			updated_at = $12
		WHERE tenant_id = $1 AND id = $2 AND version = $11 - 1`,
		u.ID, u.Username, store.Fold(u.Username), u.Name, store.Fold(u.Name), u.Email, u.Phone, u.Locale,
		u.Active, u.Version, u.UpdatedAt.UnixMicro())
	if err == nil && n != 1 {
		err = api.Stale(0)
	}
	return err
}

// usernameFree tells whether nobody else has the username.
func (u User) usernameFree(ctx context.Context, tx *store.Tx) (bool, error) {
	var others int
	err := tx.QueryRow(ctx, `
		SELECT count(*)
		FROM users u
		WHERE u.tenant_id = $1 AND u.username_key = $2 AND u.id <> $3`,
		[]any{store.Fold(u.Username), u.ID}, &others)
	return others == 0, err
}

// setDepartments makes these the departments of a user.
func setDepartments(ctx context.Context, tx *store.Tx, user string, departments []string) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM user_departments
		WHERE tenant_id = $1 AND user_id = $2`, user)
	if err != nil {
		return err
	}
	return addToDepartments(ctx, tx, user, departments)
}

func addToDepartments(ctx context.Context, tx *store.Tx, user string, departments []string) error {
	for _, d := range departments {
		err := tx.Later(ctx, `
			INSERT INTO user_departments (tenant_id, user_id, department_id)
			VALUES ($1, $2, $3)`, user, d)
		if err != nil {
			return err
		}
	}
	return nil
}

func deleteUser(ctx context.Context, tx *store.Tx, id string) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM users
		WHERE tenant_id = $1 AND id = $2`, id)
	return err
}

// CanSignIn returns those of the users who can sign in: active, with a password, or still to redeem
// the first administrator's link. Whether they have a second factor makes no difference: who has none
// and must have one enrols with the password, at the next sign-in. A password that was imported does
// not count before it was changed: perhaps nobody knows it.
func CanSignIn(ctx context.Context, tx *store.Tx, users []string) ([]string, error) {
	w := tx.Where("u")
	w.And("u.id IN ?", store.Set(users))
	w.And("u.active AND (u.password_hash IS NOT NULL AND NOT u.must_change_password OR u.first_admin)")
	return store.Collect(ctx, tx, store.Text, `
		SELECT u.id
		FROM users u`+w.String()+`
		ORDER BY u.id`, w.Args()...)
}
