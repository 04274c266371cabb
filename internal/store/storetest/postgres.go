package storetest

import (
	"testing"

	"github.com/usher-desk/usher/internal/testserver"
)

// PostgresURL returns the address, as superuser, of a throwaway PostgreSQL server (see
// [testserver.Kind.URL]). Other tests use the same server at the same time: make a database in it and
// leave what is there alone.
func PostgresURL(t testing.TB) string {
	t.Helper()
	return testserver.Postgres.URL(t)
}
