package server_test

import (
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/usher-desk/usher/internal/cluster/clustertest"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store/storetest"
	"github.com/usher-desk/usher/internal/testserver"
)

// When one of its processes is killed, PostgreSQL ends all others, recovers from its log, and starts again.
func TestPostgreSQLMayCrashUnderLoad(t *testing.T) {
	server := testserver.Postgres.Start(t)
	_, application := storetest.PostgresURLsOf(t, server.URL)
	o := newOrdeal(t, servertest.Run(t, open(t, application)))
	done, _, stop := o.keepAsking(t)
	for range 3 {
		for range 10 {
			<-done
		}
		crash(t, server.URL)
	}
	for range 10 {
		<-done
	}
	stop()
	o.whole(t, true)
}

// crash kills a process of the database server, as the kernel does when memory runs out.
func crash(t *testing.T, address string) {
	t.Helper()
	var pid int
	clustertest.Eventually(t, "PostgreSQL is there to be killed", func() bool {
		conn, err := pgx.Connect(t.Context(), address)
		if err != nil {
			return false
		}
		defer conn.Close(t.Context())
		if err := conn.QueryRow(t.Context(), `SELECT pg_backend_pid()`).Scan(&pid); err != nil {
			return false
		}
		process, err := os.FindProcess(pid)
		return err == nil && process.Kill() == nil
	})
}

// Whoever works on PostgreSQL ends connections and lets nobody in meanwhile.
func TestConnectionsToPostgreSQLMayBeCut(t *testing.T) {
	_, application := storetest.PostgresURLs(t)
	u, err := url.Parse(application)
	if err != nil {
		t.Fatal(err)
	}
	name, server := strings.TrimPrefix(u.Path, "/"), storetest.PostgresURL(t)
	o := newOrdeal(t, servertest.Run(t, open(t, application)))
	for range 3 {
		storetest.Command(t, server, `ALTER DATABASE `+name+` ALLOW_CONNECTIONS false`)
		storetest.Command(t, server, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '`+name+`'`)
		o.down(t)
		storetest.Command(t, server, `ALTER DATABASE `+name+` ALLOW_CONNECTIONS true`)
		if got := o.create(t); got != 201 {
			t.Errorf("afterwards a change is answered %d", got)
		}
	}
	o.whole(t, true)
}

// A statement that takes too long is cancelled by the server, when the role or the database says so.
func TestSlowStatementsAreCancelled(t *testing.T) {
	owner, application := storetest.PostgresURLs(t)
	o := newOrdeal(t, servertest.Run(t, open(t, application+"&statement_timeout=500")))
	conn, err := pgx.Connect(t.Context(), owner)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for _, table := range []string{"users", "audit_bodies"} {
		tx, err := conn.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(t.Context(), `LOCK TABLE `+table); err != nil {
			t.Fatal(err)
		}
		o.down(t)
		if err := tx.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := o.create(t); got != 201 {
			t.Errorf("afterwards a change is answered %d", got)
		}
	}
	o.whole(t, false)
}
