package storetest

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/usher-desk/usher/internal/testserver"
)

// Postgres starts a PostgreSQL server, makes a database with the schema, and returns its address for the application.
// Tables and indexes lie on the disk. What the server itself needs, such as its log of what is written, does not: without
// room for that it would end, and not refuse.
func (d *Disk) Postgres() (application string) {
	d.t.Helper()
	d.t.Setenv("TMPDIR", d.beside)
	server := testserver.Postgres.Start(d.t).URL
	d.t.Setenv("TMPDIR", d.dir)
	_, application = PostgresURLsOf(d.t, server)
	u, err := url.Parse(application)
	if err != nil {
		d.t.Fatal(err)
	}
	Command(d.t, server, "CREATE TABLESPACE disk LOCATION '"+d.reachedBy(server)+"'")
	Command(d.t, server, "ALTER DATABASE "+strings.TrimPrefix(u.Path, "/")+" SET TABLESPACE disk")
	return application
}

// reachedBy returns a folder on the disk that is the server's own. The server may be another user's, to whom the folders
// of a test are closed: it finds the folder next to its own.
func (d *Disk) reachedBy(server string) string {
	d.t.Helper()
	data := dataOf(d.t, server)
	folder, place := filepath.Join(d.dir, "postgres"), filepath.Join(filepath.Dir(data), "disk")
	for _, dir := range []string{folder, place} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			d.t.Fatal(err)
		}
	}
	info, err := os.Stat(data)
	if err != nil {
		d.t.Fatal(err)
	}
	owner := info.Sys().(*syscall.Stat_t)
	if err := os.Chown(folder, int(owner.Uid), int(owner.Gid)); err != nil {
		d.t.Fatal(err)
	}
	if err := syscall.Mount(folder, place, "", syscall.MS_BIND, ""); err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { // or the server's files could not be removed
		if err := syscall.Unmount(place, syscall.MNT_DETACH); err != nil {
			d.t.Error(err)
		}
	})
	return place
}

// dataOf is the folder in which the server lies.
func dataOf(t testing.TB, server string) (dir string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if err := conn.QueryRow(t.Context(), `SHOW data_directory`).Scan(&dir); err != nil {
		t.Fatal(err)
	}
	return dir
}
