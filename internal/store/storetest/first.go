package storetest

import (
	"embed"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/store"
)

//go:embed testdata/first
var first embed.FS

func firstFile(t testing.TB, name string) string {
	t.Helper()
	text, err := first.ReadFile("testdata/first/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// FirstSQLite makes a database file as the first version has left it, and returns its path.
func FirstSQLite(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "usher.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	SQLiteCommand(t, path, firstFile(t, "sqlite.sql"))
	return path
}

// FirstPostgres makes a database as the first version has left it, and returns its address for the owner and for the
// application.
func FirstPostgres(t testing.TB) (owner, application string) {
	t.Helper()
	owner, application = EmptyPostgresURLs(t)
	Command(t, owner, firstFile(t, "postgres.sql"))
	return owner, application
}

// FirstKey is the master key of the database that the first version has left.
func FirstKey(t testing.TB, d store.Dialect) []byte {
	t.Helper()
	key, err := hex.DecodeString(strings.TrimSpace(firstFile(t, d.String()+".key.hex")))
	if err != nil {
		t.Fatal(err)
	}
	return key
}
