package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/server"
)

// In a folder that cannot be written nothing can be recorded: nothing is served and nothing done.
func TestAFolderThatCannotBeWrittenIsRefused(t *testing.T) {
	place := server.Place{Data: t.TempDir()}
	password := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(password, []byte("tangerine velvet harbour"), 0o600); err != nil {
		t.Fatal(err)
	}
	do(t, "usher", "init", "--data", place.Data, "--tenant", "acme", "--admin", "zhou", "--password-file", password)
	files, err := filepath.Glob(filepath.Join(place.Data, "usher.*"))
	if err != nil {
		t.Fatal(err)
	}
	modes := func(folder, file os.FileMode) {
		for _, f := range files {
			if err := os.Chmod(f, file); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Chmod(place.Data, folder); err != nil {
			t.Fatal(err)
		}
	}
	modes(0o500, 0o400)
	defer modes(0o700, 0o600)
	for _, args := range [][]string{
		{"serve", "--data", place.Data, "--listen", "127.0.0.1:0"},
		{"user", "link", "--data", place.Data, "--tenant", "acme", "zhou"},
		{"backup", "--data", place.Data, filepath.Join(t.TempDir(), "usher.tar")},
	} {
		out, err := asAnybody(args...).CombinedOutput()
		if err == nil || !strings.HasPrefix(string(out), "usher: ") || strings.Count(string(out), "\n") != 1 {
			t.Errorf("%v: %v\n%s", args, err, out)
		}
	}
	modes(0o700, 0o600)
	do(t, "usher", "user", "link", "--data", place.Data, "--tenant", "acme", "zhou")
}

// asAnybody is the command without root's power to write everywhere.
func asAnybody(args ...string) *exec.Cmd {
	if os.Geteuid() != 0 {
		return exec.Command("usher", args...)
	}
	return exec.Command("setpriv", append([]string{"--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search", "usher"}, args...)...)
}
