// Package vectors finds the test vectors that are not the project's own. They lie in ../shared/vectors,
// beside the module, and are not committed to it.
package vectors

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// Read decodes a file of vectors into v. Where there is no folder ../shared it reports false, and the
// test is to return: its name has gone to the file USHER_LEFT_OUT, if that is set, so that make test
// can count what was left out. With USHER_SHARED=required the test fails instead.
func Read(t testing.TB, name string, v any) bool {
	t.Helper()
	shared := filepath.Join(moduleRoot(t), "..", "shared")
	if _, err := os.Stat(shared); errors.Is(err, fs.ErrNotExist) && os.Getenv("USHER_SHARED") != "required" {
		leaveOut(t)
		return false
	}
	b, err := os.ReadFile(filepath.Join(shared, "vectors", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatal(err)
	}
	return true
}

func leaveOut(t testing.TB) {
	t.Helper()
	path := os.Getenv("USHER_LEFT_OUT")
	if path == "" {
		return
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteString(t.Name() + "\n")
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

// moduleRoot is the folder of go.mod; tests run in that of their package.
func moduleRoot(t testing.TB) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		if folder == filepath.Dir(folder) {
			t.Fatal("no go.mod above the test")
		}
		folder = filepath.Dir(folder)
	}
}
