package server_test

import (
	"cmp"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
	"github.com/usher-desk/usher/internal/tenant"
)

// bigFirm is a tenant of USHER_ADMIN_SIZE users (1,000 unless stated) in a forest of two hundred departments.
// Half of the users have the role "many", ten have "few", and all have the default role.
type bigFirm struct {
	*servertest.Server
	*servertest.Tenant
	size        int
	departments []string
	root        *servertest.User
	lead        *servertest.User // reads the users of one department in twenty
}

const firmDepartments = 200

func adminSize(b *testing.B) int {
	b.Helper()
	n, err := strconv.Atoi(cmp.Or(os.Getenv("USHER_ADMIN_SIZE"), "1000"))
	if err != nil {
		b.Fatal("USHER_ADMIN_SIZE is no number")
	}
	return n
}

// database is one to measure on. What a real server finds out about its tables by itself in the course of time is
// found out by look.
type database struct {
	*store.DB
	look func(b *testing.B)
}

// eachDatabase runs f on SQLite, which never looks, and on PostgreSQL where a server is given.
func eachDatabase(b *testing.B, f func(b *testing.B, db database)) {
	b.Run("sqlite", func(b *testing.B) { f(b, database{storetest.SQLite(b), func(*testing.B) {}}) })
	if os.Getenv("USHER_TEST_POSTGRES") == "" {
		return
	}
	b.Run("postgres", func(b *testing.B) {
		owner, application := storetest.PostgresURLs(b)
		db, err := store.OpenPostgres(b.Context(), application)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { db.Close() })
		f(b, database{db, func(b *testing.B) { analyze(b, owner) }})
	})
}

func analyze(b *testing.B, owner string) {
	b.Helper()
	conn, err := pgx.Connect(b.Context(), owner)
	if err == nil {
		_, err = conn.Exec(b.Context(), "ANALYZE")
	}
	if err != nil {
		b.Fatal(err)
	}
	conn.Close(b.Context())
}

func newBigFirm(b *testing.B, db database) *bigFirm {
	b.Helper()
	s := servertest.Run(b, db.DB)
	f := &bigFirm{Server: s, Tenant: s.NewTenant("firm", "it-desk"), size: adminSize(b)}
	began := time.Now()
	for i := range firmDepartments {
		parent := ""
		if i >= 10 {
			parent = f.departments[i%10]
		}
		f.departments = append(f.departments, f.NewDepartment(fmt.Sprint("Department ", i), parent))
	}
	f.root = f.NewUser("root", nil, "admin")
	client := f.root.SignIn()
	for role, permissions := range map[string][]string{
		"many": {"conversation:create"}, "few": {"conversation:create"}, "reader": {"user:read:department"},
	} {
		client.Do("POST", "/v1/roles", object{"name": role, "permissions": permissions}).Expect(201)
	}
	f.lead = f.NewUser("lead", []string{f.departments[100]}, "reader")
	for first := 0; first < f.size; first += intake {
		f.hire(b, first, min(first+intake, f.size))
		db.look(b)
	}
	b.Logf("%d users in %s", f.size, time.Since(began).Round(time.Second))
	return f
}

// staff is the id of a user.
func staff(i int) string { return fmt.Sprintf("01900000-0000-7000-8000-%012d", i) }

// intake is how many users come in one transaction.
const intake = 10_000

// hire adds some of the users around the program.
func (f *bigFirm) hire(b *testing.B, first, end int) {
	b.Helper()
	err := f.DB.Write(b.Context(), f.ID, func(tx *store.Tx) error {
		if _, err := tenant.Lock(b.Context(), tx); err != nil {
			return err
		}
		for i := first; i < end; i += batch {
			if err := f.hireBatch(b, tx, i, min(i+batch, end)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	f.Policy.Forget(f.ID)
}

// batch is how many rows go into one statement.
const batch = 200

func (f *bigFirm) hireBatch(b *testing.B, tx *store.Tx, first, end int) error {
	var users, places, roles [][]any
	for i := first; i < end; i++ {
		name := fmt.Sprintf("user%06d", (i*7919)%f.size)
		users = append(users, []any{staff(i), name, name, name, name, name + "@example.com", "", "en", true, false, 1, 1, 0, 0})
		places = append(places, []any{staff(i), f.departments[i%firmDepartments]})
		roles = append(roles, []any{fmt.Sprint("d", i), staff(i), "user", false, 0})
		if f.root != nil && i%2 == 0 {
			roles = append(roles, []any{fmt.Sprint("m", i), staff(i), "many", false, 0})
		}
		if f.root != nil && i < 10 {
			roles = append(roles, []any{fmt.Sprint("f", i), staff(i), "few", false, 0})
		}
	}
	for _, rows := range []struct {
		into string
		rows [][]any
	}{
		{`users (tenant_id, id, username, username_key, name, name_key, email, phone, locale, active, first_admin, epoch, version, created_at, updated_at)`, users},
		{`user_departments (tenant_id, user_id, department_id)`, places},
		{`role_assignments (tenant_id, id, user_id, role, limited, created_at)`, roles},
	} {
		if err := insertAll(b, tx, rows.into, rows.rows); err != nil {
			return err
		}
	}
	return nil
}

func insertAll(b *testing.B, tx *store.Tx, into string, rows [][]any) error {
	var values strings.Builder
	var args []any
	separator := "($1"
	for _, row := range rows {
		values.WriteString(separator)
		separator = ", ($1"
		for _, value := range row {
			args = append(args, value)
			fmt.Fprintf(&values, ", $%d", len(args)+1)
		}
		values.WriteString(")")
	}
	_, err := tx.Exec(b.Context(), "INSERT INTO "+into+" VALUES "+values.String(), args...)
	return err
}
