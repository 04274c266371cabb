//go:build unix

package server_test

import (
	"os/signal"
	"syscall"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// When the disk takes no more, nothing is done that cannot be recorded, and it goes on when there is room. The kernel
// refuses here what goes beyond the size that this process may give a file, by an error of the same write.
func TestAFullDiskUndoesWhatItRefuses(t *testing.T) {
	o := newOrdeal(t, servertest.Run(t, storetest.SQLite(t)))
	o.create(t)
	signal.Ignore(syscall.SIGXFSZ) // the write then fails, instead of the process
	defer signal.Reset(syscall.SIGXFSZ)
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	defer syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 2 << 20, Max: before.Max}); err != nil {
		t.Fatal(err)
	}
	for n := 0; o.create(t) == 201; n++ {
		if n == 5000 {
			t.Fatal("the disk does not fill up")
		}
	}
	o.down(t)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	if got := o.create(t); got != 201 {
		t.Errorf("with room again a change is answered %d", got)
	}
	o.whole(t, false)
}
