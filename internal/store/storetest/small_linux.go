package storetest

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Disk is a file system that a test has for itself. It holds all temporary folders of the test.
type Disk struct {
	t      *testing.T
	dir    string
	beside string // where temporary folders are that are not on it
}

// inside names, in the process that a test runs in again, where its disk is to be.
const inside = "USHER_TEST_SMALL_DISK"

// OnSmallDisk runs f, which is the whole of a test, on a real file system of so many bytes, which can be full. It is in
// memory and mounted where nobody else sees it, in a process of its own that runs this test alone, and gone with that.
//
// An ordinary user can have one where the kernel lets users have name spaces of their own; root can wherever mounting is
// not forbidden, as it is in some containers. Where nobody may the test fails and says so; it is never skipped.
func OnSmallDisk(t *testing.T, size int64, f func(d *Disk)) {
	t.Helper()
	dir := os.Getenv(inside)
	if dir == "" {
		again(t)
		return
	}
	if err := mount(dir, size); err != nil {
		t.Fatalf("mounting a file system for this test: %v", err)
	}
	d := &Disk{t, dir, os.TempDir()}
	t.Setenv("TMPDIR", dir)
	t.Setenv("GOTMPDIR", "")
	f(d)
}

// mount leaves nothing behind: what is mounted in a name space goes with its last process.
func mount(dir string, size int64) error {
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return err
	}
	return syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", size))
}

// mayMount is CAP_SYS_ADMIN of linux/capability.h.
const mayMount = 21

// again runs the test in a process that may mount. Root needs a name space for what is mounted, others one for users too,
// in which they stay who they are: PostgreSQL serves nobody who is root.
func again(t *testing.T) {
	t.Helper()
	same := func(id int) []syscall.SysProcIDMap {
		return []syscall.SysProcIDMap{{ContainerID: id, HostID: id, Size: 1}}
	}
	var refused error
	for _, spaces := range []*syscall.SysProcAttr{
		{Cloneflags: syscall.CLONE_NEWNS},
		{
			Cloneflags:  syscall.CLONE_NEWNS | syscall.CLONE_NEWUSER,
			UidMappings: same(os.Getuid()), GidMappings: same(os.Getgid()), AmbientCaps: []uintptr{mayMount},
		},
	} {
		out, err := rerun(t, spaces)
		var ended *exec.ExitError
		switch {
		case err == nil && strings.Contains(out, "--- PASS: "+t.Name()+" "):
			return
		case err == nil || errors.As(err, &ended):
			t.Fatalf("on a disk of its own: %v\n%s", err, out)
		}
		refused = errors.Join(refused, err)
	}
	t.Fatalf("this test needs a file system of its own: run it as root, or let users have name spaces: %v", refused)
}

// rerun returns an error that is no [exec.ExitError] when the process could not begin.
func rerun(t *testing.T, spaces *syscall.SysProcAttr) (string, error) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), program, "-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout=5m")
	command.Env = append(os.Environ(), inside+"="+t.TempDir())
	command.SysProcAttr = spaces
	out, err := command.CombinedOutput()
	return string(out), err
}

func (d *Disk) ballast() string { return filepath.Join(d.dir, "ballast") }

// Fill leaves so many bytes, and for 0 no room at all.
func (d *Disk) Fill(leaving int64) {
	d.t.Helper()
	f, err := os.OpenFile(d.ballast(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		d.t.Fatal(err)
	}
	defer f.Close()
	for free := d.free() - leaving; free > 0 || leaving == 0; free = d.free() - leaving {
		if _, err := io.CopyN(f, zeros{}, max(free, 1)); errors.Is(err, syscall.ENOSPC) {
			return
		} else if err != nil {
			d.t.Fatal(err)
		}
	}
}

func (d *Disk) free() int64 {
	d.t.Helper()
	var s syscall.Statfs_t
	if err := syscall.Statfs(d.dir, &s); err != nil {
		d.t.Fatal(err)
	}
	return int64(s.Bavail) * s.Bsize
}

// MakeRoom takes away what Fill has put there.
func (d *Disk) MakeRoom() {
	d.t.Helper()
	if err := os.Remove(d.ballast()); err != nil {
		d.t.Fatal(err)
	}
}

// zeros never end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
