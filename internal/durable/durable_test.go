package durable_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/usher-desk/usher/internal/durable"
)

func TestFilesAndFoldersAreSynced(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "key")
	if err := durable.Sync(file); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	if err := os.WriteFile(file, []byte("x"), 0o400); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, dir} {
		if err := durable.Sync(path); err != nil {
			t.Error(err)
		}
	}
}
