package store_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/usher-desk/usher/internal/store"
)

func TestFileLockHasOneHolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "usher.lock")
	held, err := store.LockFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.LockFile(path); !errors.Is(err, store.ErrServed) {
		t.Errorf("locked twice: %v", err)
	}
	if err := held.Release(); err != nil {
		t.Fatal(err)
	}
	next, err := store.LockFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := next.Release(); err != nil {
		t.Error(err)
	}
	if _, err := store.LockFile(filepath.Join(path, "not a folder")); err == nil {
		t.Error("locked a file that cannot be")
	}
}

// However the holder ends, the lock is free afterwards.
func TestFileLockEndsWithAKilledProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "usher.lock")
	holder := exec.Command(os.Args[0], "-test.run=^TestFileLockHolder$")
	holder.Env = append(os.Environ(), "USHER_LOCK_HOLDER="+path)
	stdin, err := holder.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	stdout, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	var word string
	if _, err := fmt.Fscanln(stdout, &word); err != nil || word != "locked" {
		t.Fatalf("the holder said %q, %v", word, err)
	}
	if _, err := store.LockFile(path); !errors.Is(err, store.ErrServed) {
		t.Errorf("locked twice: %v", err)
	}
	if err := holder.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = holder.Wait() // it was killed
	lock, err := store.LockFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := lock.Release(); err != nil {
		t.Error(err)
	}
}

// TestFileLockHolder is the process that TestFileLockEndsWithAKilledProcess kills. Run among the
// other tests it locks nothing.
func TestFileLockHolder(t *testing.T) {
	path := os.Getenv("USHER_LOCK_HOLDER")
	if path == "" {
		return
	}
	if _, err := store.LockFile(path); err != nil {
		t.Fatal(err)
	}
	fmt.Println("locked")
	_, _ = io.Copy(io.Discard, os.Stdin)
}
