package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// BenchmarkAdministration measures what administrators of a large tenant do: turn pages, change somebody, change a
// role that few have and one that half of them have, see before what that will do, and ask who can do something.
func BenchmarkAdministration(b *testing.B) {
	eachDatabase(b, func(b *testing.B, db database) {
		f := newBigFirm(b, db)
		b.Run("pages", f.benchPages)
		b.Run("user", func(b *testing.B) { f.benchChange(b, f.changeUser) })
		for _, role := range []string{"few", "many"} {
			b.Run("role/"+role, func(b *testing.B) {
				f.benchChange(b, func(tx *store.Tx, i int) error { return f.changeRole(tx, role, i) })
			})
			b.Run("preview/"+role, func(b *testing.B) { f.benchPreview(b, role) })
		}
		b.Run("who-can", f.benchWhoCan)
	})
}

// benchPages turns pages as HTTP answers them with their record, and in turns runs the one statement behind each.
// own is GET /v1/me, which any page can be held against.
func (f *bigFirm) benchPages(b *testing.B) {
	root, lead := f.root.SignIn(), f.lead.SignIn()
	for _, page := range []struct {
		name, path string
		client     *servertest.Client
		query      string
	}{
		{"users", "/v1/users?limit=50", root, bareUsers},
		{"users-of-a-department", "/v1/users?limit=50", lead, bareUsers},
		{"users-with-a-role", "/v1/users?limit=50&role=many", root, bareUsers},
		{"users-found", "/v1/users?limit=50&q=er0001", root, bareUsers},
		{"roles", "/v1/roles?limit=50", root, `SELECT r.* FROM roles r WHERE r.tenant_id = $1 AND r.name > $2 ORDER BY r.name LIMIT 51`},
		{"departments", "/v1/departments?limit=50", root, `SELECT d.* FROM departments d WHERE d.tenant_id = $1 AND (d.name_key, d.id) > ($2, '') ORDER BY d.name_key, d.id LIMIT 51`},
		{"own", "/v1/me", root, `SELECT u.* FROM users u WHERE u.tenant_id = $1 AND u.username_key > $2 ORDER BY u.username_key LIMIT 1`},
	} {
		b.Run(page.name, func(b *testing.B) {
			var whole, bare []time.Duration
			next := ""
			for b.Loop() {
				var took time.Duration
				took, next = f.turn(b, page.client, page.path, next)
				whole = append(whole, took)
				bare = append(bare, f.bare(b, page.query))
			}
			b.ReportMetric(quantile(whole, 0.5), "p50-ms")
			b.ReportMetric(quantile(whole, 0.95), "p95-ms")
			b.ReportMetric(quantile(bare, 0.5), "query-ms")
			b.ReportMetric(quantile(whole, 0.5)/quantile(bare, 0.5), "ratio")
		})
	}
}

const bareUsers = `SELECT u.* FROM users u WHERE u.tenant_id = $1 AND (u.name_key, u.id) > ($2, '') ORDER BY u.name_key, u.id LIMIT 51`

// quantile is in milliseconds.
func quantile(times []time.Duration, q float64) float64 {
	slices.Sort(times)
	return float64(times[int(q*float64(len(times)-1))].Microseconds()) / 1000
}

// turn asks for the page at a cursor and returns the next one; after the last comes the first.
func (f *bigFirm) turn(b *testing.B, client *servertest.Client, path, cursor string) (took time.Duration, next string) {
	b.Helper()
	if cursor != "" {
		path += "&cursor=" + cursor
	}
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Authorization", "Bearer "+client.Token)
	w := httptest.NewRecorder()
	began := time.Now()
	f.ServeHTTP(w, r)
	took = time.Since(began)
	if w.Code != http.StatusOK {
		b.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	var page struct{ Next string }
	if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil {
		b.Fatal(err)
	}
	return took, page.Next
}

// bare runs the statement behind a page from somewhere in the middle.
func (f *bigFirm) bare(b *testing.B, query string) time.Duration {
	b.Helper()
	began := time.Now()
	err := f.DB.Read(b.Context(), f.ID, func(tx *store.Tx) error {
		rows, err := tx.Query(b.Context(), query, "d")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
		}
		return rows.Err()
	})
	if err != nil {
		b.Fatal(err)
	}
	return time.Since(began)
}

// benchChange measures a change of access from the lock to the commit, with the guard rails.
func (f *bigFirm) benchChange(b *testing.B, write func(tx *store.Tx, i int) error) {
	ctx := b.Context()
	by := f.callerOf(b, f.root)
	var times []time.Duration
	for i := 0; b.Loop(); i++ {
		began := time.Now()
		if err := f.Policy.Change(ctx, by, func(tx *store.Tx) error { return write(tx, i) }); err != nil {
			b.Fatal(err)
		}
		times = append(times, time.Since(began))
	}
	b.ReportMetric(quantile(times, 0.5), "p50-ms")
	b.ReportMetric(quantile(times, 0.95), "p95-ms")
}

func (f *bigFirm) callerOf(b *testing.B, u *servertest.User) *caller.Caller {
	b.Helper()
	c, err := f.Policy.Snapshot(b.Context(), f.ID)
	if err != nil {
		b.Fatal(err)
	}
	subject, _ := c.Subject(u.ID)
	return &caller.Caller{Tenant: f.ID, User: u.ID, Subject: subject, Catalogue: c.Catalogue(), Policy: c.Version, At: f.DB.Now()}
}

// changeUser gives somebody a role and takes it again.
func (f *bigFirm) changeUser(tx *store.Tx, i int) error {
	roles := []policy.Assignment{{Role: "user"}}
	if i%2 == 0 {
		roles = append(roles, policy.Assignment{Role: "agent"})
	}
	return policy.SetAssignments(context.Background(), tx, staff(i/2%f.size), roles)
}

// changeRole gives a role another permission than before.
func (f *bigFirm) changeRole(tx *store.Tx, role string, i int) error {
	permission := []string{"conversation:create:all", "conversation:read:own"}[i%2]
	_, err := tx.Exec(context.Background(), `
		UPDATE roles
		SET permissions = $3, version = version + 1
		WHERE tenant_id = $1 AND name = $2`, role, fmt.Sprintf(`[%q]`, permission))
	return err
}

// manyTenants is how many an installation of the larger kind has.
const manyTenants = 2000

// BenchmarkTenants measures how soon the program answers when there are 2,000 tenants, and what one weighs that has
// been asked about once and is idle since. Each has the roles of its preset and ten users.
func BenchmarkTenants(b *testing.B) {
	eachDatabase(b, func(b *testing.B, db database) {
		s := servertest.Run(b, db.DB)
		var ids []string
		for i := range min(manyTenants, adminSize(b)) {
			made := s.NewTenant(fmt.Sprintf("tenant-%d", i), "it-desk")
			ids = append(ids, made.ID)
			tenant := &bigFirm{Server: s, Tenant: made, size: 10, departments: slices.Repeat([]string{made.NewDepartment("Everybody", "")}, firmDepartments)}
			tenant.hire(b, 0, tenant.size)
		}
		db.look(b)
		s.Stop()
		began := time.Now()
		again := servertest.Run(b, db.DB)
		again.Client().Do("GET", "/readyz", nil).Expect(200)
		b.ReportMetric(float64(time.Since(began).Milliseconds()), "start-ms")
		before := heap()
		for _, id := range ids {
			if _, err := again.Policy.Snapshot(b.Context(), id); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(heap()-before)/float64(len(ids))/1024, "KiB/tenant")
	})
}

// heap is what is in use after garbage collection.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse)
}
