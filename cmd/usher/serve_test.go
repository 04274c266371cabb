package main

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/store/storetest"
)

// Two processes on one database would not hear of each other's commits: the second is refused for as
// long as the first one lives, and takes over when it has gone, however it went.
func TestOneProcessServes(t *testing.T) {
	binary := build(t)
	t.Run("sqlite", func(t *testing.T) { serveTwice(t, binary, "--data", t.TempDir()) })
	t.Run("postgres", func(t *testing.T) {
		owner, application := storetest.PostgresURLs(t)
		serveTwice(t, binary, "--data", t.TempDir(), "--postgres", application, "--postgres-owner", owner)
	})
}

func serveTwice(t *testing.T, binary string, place ...string) {
	first := serveDemo(t, binary, place...)
	second := exec.Command(binary, append([]string{"serve", "--demo", "--listen", "127.0.0.1:0"}, place...)...)
	out, err := second.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "another usher serve is running on this database") {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := first.process.Kill(); err != nil {
		t.Fatal(err)
	}
	first.killed <- true
	third := serveDemo(t, binary, place...)
	if len(third.passwords) != len(first.passwords) || third.passwords["it admin"] == first.passwords["it admin"] {
		t.Error("a demonstration that is served again gives the same people new passwords")
	}
}
