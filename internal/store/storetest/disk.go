package storetest

import (
	"context"
	"os"

	"modernc.org/sqlite"
)

// A test's SQLite file is gone when the test is, and nothing of it has to survive a power cut: its commits do
// not wait for the disk, as those of the throwaway PostgreSQL server do not. What the end of a process leaves
// behind is the same as ever. Benchmarks measure as a real server works: scripts/with-postgres --durable sets
// USHER_TEST_DURABLE.
func init() {
	if os.Getenv("USHER_TEST_DURABLE") != "" {
		return
	}
	sqlite.RegisterConnectionHook(func(conn sqlite.ExecQuerierContext, _ string) error {
		_, err := conn.ExecContext(context.Background(), `PRAGMA synchronous = OFF`, nil)
		return err
	})
}
