package server_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// BenchmarkGrowth measures by how much the database grows with each thing that people do, its record in the trail
// included. It wants many of them: a page of a file is the least that is counted.
func BenchmarkGrowth(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) {
		path := storetest.SQLiteFile(b)
		db, err := store.OpenSQLite(b.Context(), path)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { db.Close() })
		growth(b, db, func() int64 { return fileSize(b, path) })
	})
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
		growth(b, db, func() int64 { return databaseSize(b, owner) })
	})
}

// growth does each thing as often as the benchmark wants, and looks at the size before and after.
func growth(b *testing.B, db *store.DB, size func() int64) {
	s := servertest.Run(b, db)
	acme := s.NewTenant("acme", "it-desk")
	root, ann := acme.NewUser("root", nil, "admin").SignIn(), acme.NewUser("ann", nil, "user")
	asAnn := ann.SignIn()
	conversation := asAnn.Do("POST", "/v1/conversations", object{"skill": "computer", "subject": "Dark", "text": "It stays dark."}).Expect(201).String("id")
	for _, thing := range []struct {
		name string
		do   func(i int)
	}{
		{"read", func(int) { asAnn.Do("GET", "/v1/me", nil).Expect(200) }},
		{"user", func(i int) { root.Do("POST", "/v1/users", object{"username": fmt.Sprintf("user-%d", i)}).Expect(201) }},
		{"conversation", func(i int) { // and left again: nobody has many open at once
			asked := object{"skill": "computer", "subject": "Dark", "text": fmt.Sprintf("It stays dark, %d.", i)}
			made := asAnn.Do("POST", "/v1/conversations", asked).Expect(201)
			asAnn.Do("POST", "/v1/conversations/"+made.String("id")+"/leave", nil, "If-Match", made.ETag()).Expect(200)
		}},
		{"message", func(i int) {
			asAnn.Do("POST", "/v1/conversations/"+conversation+"/messages", object{"text": fmt.Sprintf("It is dark still, and it was dark before, %d.", i)}).Expect(201)
		}},
		{"sign-in", func(int) { ann.SignIn() }}, // last: too many of them end the first session
	} {
		b.Run(thing.name, func(b *testing.B) {
			records, before := recordCount(b, s, acme.ID), size()
			n := 0
			for b.Loop() {
				thing.do(n)
				n++
			}
			b.ReportMetric(float64(size()-before)/float64(n), "bytes/thing")
			b.ReportMetric(float64(recordCount(b, s, acme.ID)-records)/float64(n), "records/thing")
		})
	}
}

func recordCount(b *testing.B, s *servertest.Server, tenant string) (n int64) {
	b.Helper()
	err := s.DB.Read(b.Context(), tenant, func(tx *store.Tx) error {
		return tx.QueryRow(b.Context(), `SELECT count(*) FROM audit_bodies b WHERE b.tenant_id = $1`, nil, &n)
	})
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// fileSize is that of the file once it holds what its log has.
func fileSize(b *testing.B, path string) int64 {
	b.Helper()
	storetest.SQLiteCommand(b, path, `PRAGMA wal_checkpoint(TRUNCATE)`)
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	return info.Size()
}

func databaseSize(b *testing.B, owner string) (n int64) {
	b.Helper()
	conn, err := pgx.Connect(b.Context(), owner)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(b.Context())
	if err := conn.QueryRow(b.Context(), `SELECT pg_database_size(current_database())`).Scan(&n); err != nil {
		b.Fatal(err)
	}
	return n
}
