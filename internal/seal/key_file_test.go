package seal_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/usher-desk/usher/internal/seal"
)

func TestAKeyFileHoldsTheKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "master.key")
	made, err := seal.CreateKeyFile(path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode() != 0o600 || info.Size() != seal.KeySize {
		t.Fatalf("%v, %v", info.Mode(), err)
	}
	read, err := seal.ReadKeyFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sealed := mustSeal(t, made, "secret", "place")
	if b, err := read.Open(sealed, "place"); err != nil || string(b) != "secret" {
		t.Errorf("after reading the key: %q, %v", b, err)
	}
}

func TestAKeyFileIsNeverOverwritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "master.key")
	if err := os.WriteFile(path, []byte("something else"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.CreateKeyFile(path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v", err)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "something else" {
		t.Errorf("the file now holds %q, %v", b, err)
	}
}

func TestTwoKeyFilesDiffer(t *testing.T) {
	a, errA := seal.CreateKeyFile(filepath.Join(t.TempDir(), "a"))
	b, errB := seal.CreateKeyFile(filepath.Join(t.TempDir(), "b"))
	if err := errors.Join(errA, errB); err != nil {
		t.Fatal(err)
	}
	if a.ID() == b.ID() {
		t.Error("two new keys have one id")
	}
}

func TestACarelessKeyFileIsRefused(t *testing.T) {
	for _, mode := range []fs.FileMode{0o640, 0o604, 0o660, 0o644, 0o620, 0o602, 0o610, 0o601} {
		path := filepath.Join(t.TempDir(), "master.key")
		if _, err := seal.CreateKeyFile(path); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := seal.ReadKeyFile(path); err == nil {
			t.Errorf("a file of mode %04o was accepted", mode)
		}
	}
}

func TestAKeyFileOfAnotherSizeIsRefused(t *testing.T) {
	for _, n := range []int{0, 31, 33, 64} {
		path := filepath.Join(t.TempDir(), "master.key")
		if err := os.WriteFile(path, make([]byte, n), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := seal.ReadKeyFile(path); err == nil {
			t.Errorf("a file of %d bytes was accepted", n)
		}
	}
}

func TestWhatIsNoFileIsRefused(t *testing.T) {
	folder := t.TempDir()
	if err := os.Chmod(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.ReadKeyFile(folder); err == nil {
		t.Error("a folder was accepted")
	}
	if _, err := seal.ReadKeyFile(filepath.Join(folder, "absent")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an absent file: %v", err)
	}
	if _, err := seal.CreateKeyFile(filepath.Join(folder, "absent", "master.key")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an absent folder: %v", err)
	}
}
