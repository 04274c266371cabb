package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/server"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// On a disk without room no command does anything, each says so in one line and leaves nothing behind; with room
// everything works again.
func TestCommandsOnAFullDisk(t *testing.T) {
	storetest.OnSmallDisk(t, 64<<20, func(disk *storetest.Disk) {
		place := server.Place{Data: t.TempDir()}
		do(t, "usher", append([]string{"init", "--tenant", "acme", "--admin", "zhou", "--url", "http://127.0.0.1:8080", "--password-file", passwordFile(t)}, flagsOf(place)...)...)
		to, fresh := t.TempDir(), filepath.Join(t.TempDir(), "fresh")
		good := filepath.Join(to, "good.tar")
		do(t, "usher", "backup", "--data", place.Data, good)
		before := namesIn(t, place.Data, to)
		disk.Fill(0)
		for _, args := range [][]string{
			{"serve", "--data", place.Data, "--listen", "127.0.0.1:0"},
			{"user", "link", "--data", place.Data, "--tenant", "acme", "zhou"},
			{"user", "create", "--data", place.Data, "--tenant", "acme", "li"},
			{"user", "list", "--data", place.Data, "--tenant", "acme"},
			{"backup", "--data", place.Data, filepath.Join(to, "more.tar")},
			{"restore", "--data", fresh, "--master-key", filepath.Join(place.Data, "master.key"), good},
		} {
			out, err := exec.Command("usher", args...).CombinedOutput()
			if err == nil || !strings.HasPrefix(string(out), "usher: ") || strings.Count(string(out), "\n") != 1 {
				t.Errorf("%v: %v\n%s", args, err, out)
			}
		}
		if diff := cmp.Diff(before, namesIn(t, place.Data, to)); diff != "" {
			t.Errorf("something was left behind (-before +after):\n%s", diff)
		}
		disk.MakeRoom()
		// There is less room than commands keep free, so that what is there can be read and nothing is added.
		do(t, "usher", "user", "list", "--data", place.Data, "--tenant", "acme")
		out, err := exec.Command("usher", "user", "create", "--data", place.Data, "--tenant", "acme", "li").CombinedOutput()
		if err == nil || !strings.Contains(string(out), "disk is nearly full") {
			t.Errorf("%v: %s", err, out)
		}
		do(t, "usher", "restore", "--data", fresh, "--master-key", filepath.Join(place.Data, "master.key"), good)
		do(t, "usher", "backup", "--check", good)
	})
}

// namesIn are the files in folders, but for those by which SQLite reads its own.
func namesIn(t *testing.T, dirs ...string) (names []string) {
	t.Helper()
	for _, dir := range dirs {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if !strings.HasSuffix(e.Name(), "-wal") && !strings.HasSuffix(e.Name(), "-shm") {
				names = append(names, filepath.Join(dir, e.Name()))
			}
		}
	}
	return names
}
