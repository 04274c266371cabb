package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/cluster/clustertest"
	"github.com/usher-desk/usher/internal/store/storetest"
	"github.com/usher-desk/usher/internal/testserver"
)

// Two processes on one file would not hear of each other's commits: the second is refused for as
// long as the first one lives, and takes over when it has gone, however it went.
func TestOneProcessServesSQLite(t *testing.T) {
	binary, place := build(t), t.TempDir()
	first := serveDemo(t, binary, "--data", place)
	refuse(t, binary, "another usher serve is running on this database", "serve", "--demo", "--listen", "127.0.0.1:0", "--data", place)
	first.kill(t)
	third := serveDemo(t, binary, "--data", place)
	if len(third.people) != len(first.people) || third.people["it admin"] == first.people["it admin"] {
		t.Error("a demonstration that is served again gives the same people new passwords")
	}
}

// refuse runs a command that must fail and say why.
func refuse(t *testing.T, binary, why string, args ...string) {
	t.Helper()
	out, err := exec.Command(binary, args...).CombinedOutput()
	if err == nil || !strings.Contains(string(out), why) {
		t.Errorf("%v: %v\n%s", args, err, out)
	}
}

// do runs a command that must succeed, and returns what it printed.
func do(t *testing.T, binary string, args ...string) string {
	t.Helper()
	out, err := exec.Command(binary, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return string(out)
}

// several is an installation on PostgreSQL with one tenant, which several nodes may serve.
type several struct {
	binary        string
	place, owning []string // flags: where it is, and that with the owner's address
	owner         string
}

func newSeveral(t *testing.T) several {
	t.Helper()
	owner, application := storetest.PostgresURLs(t)
	c := several{binary: build(t), place: []string{"--data", t.TempDir(), "--postgres", application}, owner: owner}
	c.owning = append(c.place[:len(c.place):len(c.place)], "--postgres-owner", owner)
	do(t, c.binary, c.initArgs(t, "acme", c.owning, "--url", "http://127.0.0.1:8080")...)
	return c
}

func passwordFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "password.txt")
	if err := os.WriteFile(path, []byte("tangerine velvet harbour\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (c several) initArgs(t *testing.T, slug string, place []string, flags ...string) []string {
	args := append([]string{"init", "--tenant", slug, "--admin", "zhou", "--password-file", passwordFile(t)}, place...)
	return append(args, flags...)
}

func (c several) serveArgs(place []string, flags ...string) []string {
	return append(append([]string{"serve", "--listen", "127.0.0.1:0"}, place...), flags...)
}

func (c several) serve(t *testing.T, place []string, flags ...string) demo {
	t.Helper()
	return start(t, c.binary, c.serveArgs(place, flags...)...)
}

func TestNodesServePostgresTogether(t *testing.T) {
	c := newSeveral(t)
	first := c.serve(t, c.place, "--node", "desk-1")
	c.serve(t, c.owning) // nothing is pending; its name is its own
	refuse(t, c.binary, "a node of this name serves the database already", c.serveArgs(c.place, "--node", "desk-1")...)
	refuse(t, c.binary, "the public address is http://127.0.0.1:8080 and changes when nobody serves",
		c.serveArgs(c.place, "--url", "https://other.example")...)
	first.kill(t)
	c.serve(t, c.place, "--node", "desk-1") // waits until the killed one is known to be dead
}

func TestATenantIsMadeWhileNodesServe(t *testing.T) {
	c := newSeveral(t)
	c.serve(t, c.place, "--node", "desk-1")
	do(t, c.binary, c.initArgs(t, "shop", c.place)...)
	do(t, c.binary, c.initArgs(t, "shop-2", c.place, "--url", "http://127.0.0.1:8080")...)
	refuse(t, c.binary, "another usher serve is running on this database", c.initArgs(t, "shop-3", c.place, "--url", "https://other.example")...)
}

// The program is of the schema that it serves, so that the last migration is made pending behind its back.
func TestNothingIsMigratedWhileANodeServes(t *testing.T) {
	c := newSeveral(t)
	node := c.serve(t, c.place, "--node", "desk-1")
	migrate := append([]string{"migrate"}, c.owning...)
	if out := do(t, c.binary, migrate...); !strings.Contains(out, "up to date") {
		t.Errorf("%s", out)
	}
	storetest.Command(t, c.owner, `DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)`)
	refuse(t, c.binary, "another usher serve is running on this database; stop it first (desk-1)", migrate...)
	refuse(t, c.binary, "another usher serve is running on this database; stop it first (desk-1)", c.serveArgs(c.owning)...)
	node.kill(t)
	refuse(t, c.binary, "already exists", migrate...) // it is let in, and finds what is there
}

// A node starts without its Redis, finds it later, and says so.
func TestNodesFindTheirRedis(t *testing.T) {
	c := newSeveral(t)
	proxy := clustertest.Between(t, testserver.Redis.URL(t))
	proxy.Cut()
	first := c.serve(t, c.place, "--node", "desk-1", "--redis", proxy.URL)
	ready := func(node demo) string { return fetch(t, node.listens+"/readyz") }
	if answer := ready(first); !strings.Contains(answer, `"status":"degraded","parts":{"database":"ok","redis":"down"}`) {
		t.Errorf("%s", answer)
	}
	t.Setenv("USHER_REDIS", testserver.Redis.URL(t))
	second := c.serve(t, c.place, "--node", "desk-2")
	proxy.Restore()
	for _, node := range []demo{first, second} {
		clustertest.Eventually(t, "the nodes share a Redis", func() bool {
			return strings.Contains(ready(node), `"status":"ok","parts":{"database":"ok","redis":"ok"}`)
		})
	}
}
