//go:build unix

package blob_test

import (
	"bytes"
	"errors"
	"os/signal"
	"syscall"
	"testing"

	"github.com/usher-desk/usher/internal/blob"
)

// When the disk takes no more, nothing half is left. The kernel refuses here what goes beyond the size
// that this process may give a file, by an error of the same write.
func TestAFullDiskLeavesNothingHalf(t *testing.T) {
	f, dir := open(t)
	const room = 64 << 10
	signal.Ignore(syscall.SIGXFSZ) // the write then fails, instead of the process
	defer signal.Reset(syscall.SIGXFSZ)
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	defer syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: room, Max: before.Max}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Put(t.Context(), tenant, bytes.NewReader(make([]byte, 2*room)), 1<<20); !errors.Is(err, blob.ErrUnavailable) {
		t.Errorf("a full disk is told as %v", err)
	}
	if found := entries(t, dir); len(found) > 0 {
		t.Errorf("it left %v", found)
	}
	if _, err := f.Put(t.Context(), tenant, bytes.NewReader(make([]byte, room)), 1<<20); err != nil {
		t.Errorf("what fits is refused: %v", err)
	}
}
