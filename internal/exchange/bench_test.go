package exchange_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// benchRows is as many as a file may have.
const benchRows = 20_000

// BenchmarkImport makes 20,000 users in a department and with a role, in one transaction and over HTTP, and in
// turns with that writes the same rows bare: nobody checked, judged or compiled.
func BenchmarkImport(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *store.DB{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		b.Run(name, func(b *testing.B) {
			s := servertest.Run(b, open(b))
			file := benchFile()
			var imported, bare time.Duration
			for i := range b.N {
				acme := s.NewTenant(fmt.Sprintf("acme-%d-%d", b.N, i), "it-desk")
				acme.NewDepartment("IT", "")
				root := acme.NewUser("root", nil, "admin").SignIn()
				imported += took(func() { bring(root, "users", file).Expect(200) })
				other := s.NewTenant(fmt.Sprintf("bare-%d-%d", b.N, i), "it-desk")
				department := other.NewDepartment("IT", "")
				bare += took(func() { writeBare(b, s, other.ID, department) })
			}
			b.ReportMetric(benchRows*float64(b.N)/imported.Seconds(), "rows/s")
			b.ReportMetric(benchRows*float64(b.N)/bare.Seconds(), "bare-rows/s")
		})
	}
}

func took(f func()) time.Duration {
	began := time.Now()
	f()
	return time.Since(began)
}

func benchFile() string {
	var file strings.Builder
	file.WriteString("username,name,departments,roles\r\n")
	for i := range benchRows {
		fmt.Fprintf(&file, "user%d,Somebody %d,IT,agent\r\n", i, i)
	}
	return file.String()
}

func writeBare(b *testing.B, s *servertest.Server, tenant, department string) {
	err := s.DB.Write(b.Context(), tenant, func(tx *store.Tx) error {
		if err := tx.WritesMany(b.Context()); err != nil {
			return err
		}
		for i := range benchRows {
			id, at := store.NewID(tx.Now), tx.Now.UnixMicro()
			if _, err := tx.Exec(b.Context(), `
				INSERT INTO users (tenant_id, id, username, username_key, name, name_key, email, phone, locale,
					active, first_admin, epoch, version, created_at, updated_at)
				VALUES ($1, $2, $3, $3, $3, $3, '', '', 'en', TRUE, FALSE, 1, 1, $4, $4)`, id, fmt.Sprint("user", i), at); err != nil {
				return err
			}
			if _, err := tx.Exec(b.Context(), `
				INSERT INTO user_departments (tenant_id, user_id, department_id)
				VALUES ($1, $2, $3)`, id, department); err != nil {
				return err
			}
			if _, err := tx.Exec(b.Context(), `
				INSERT INTO role_assignments (tenant_id, id, user_id, role, expires_at, limited, created_at)
				VALUES ($1, $2, $3, 'agent', NULL, FALSE, $4)`, store.NewID(tx.Now), id, at); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}
