package main

import (
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/cluster/clustertest"
	"github.com/usher-desk/usher/internal/server"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
	"github.com/usher-desk/usher/trail"
)

// installed is an installation with the tenant acme, whose administrator is zhou.
type installed struct {
	binary string
	place  server.Place
}

func install(t *testing.T, place server.Place) installed {
	t.Helper()
	i := installed{build(t), place}
	i.usher(t, "init --tenant acme --admin zhou --url https://desk.example --password-file "+passwordFile(t))
	return i
}

// everywhere runs f on both databases, with a server and without one.
func everywhere(t *testing.T, f func(t *testing.T, i installed)) {
	onEach(t, func(t *testing.T, place func(*testing.T) server.Place) {
		for _, served := range []bool{false, true} {
			name := map[bool]string{false: "alone", true: "served"}[served]
			t.Run(name, func(t *testing.T) {
				i := install(t, place(t))
				if served {
					start(t, i.binary, append([]string{"serve", "--listen", "127.0.0.1:0"}, flagsOf(i.place)...)...)
				}
				f(t, i)
			})
		}
	})
}

// onEach gives f a way to fresh places, on SQLite and on PostgreSQL.
func onEach(t *testing.T, f func(t *testing.T, place func(*testing.T) server.Place)) {
	t.Run("sqlite", func(t *testing.T) {
		f(t, func(t *testing.T) server.Place { return server.Place{Data: t.TempDir()} })
	})
	t.Run("postgres", func(t *testing.T) {
		f(t, func(t *testing.T) server.Place {
			owner, application := storetest.PostgresURLs(t)
			return server.Place{Data: t.TempDir(), Postgres: application, PostgresOwner: owner}
		})
	})
}

// usher runs a command on the place; a leading "!" says that it must be refused. It returns all that was printed.
func (i installed) usher(t *testing.T, line string) string {
	t.Helper()
	line, refused := strings.CutPrefix(line, "! ")
	args := append(strings.Fields(line), flagsOf(i.place)...)
	out, code := output(args)
	if (code != exitGood) != refused {
		t.Fatalf("usher %s: exit %d\n%s", line, code, out)
	}
	return out
}

// The same commands say the same, whether somebody serves or not, and each is on the record.
func TestCommandsOnUsersAndTenants(t *testing.T) {
	everywhere(t, func(t *testing.T, i installed) {
		for _, step := range []struct{ line, want string }{
			{"user create --tenant acme --name Li --role agent li", "roles in force   agent"},
			{"! user create --tenant acme li", "username_taken"},
			{"! user create --tenant nowhere li", "unknown_tenant"},
			{"! user show --tenant acme nobody", `the tenant acme has no user "nobody"`},
			{"user list --tenant acme", "li        Li    yes"},
			{"user list --tenant acme --role agent --json", `"username":"li"`},
			{"user roles give --tenant acme --until 2036-01-01T00:00:00Z LI auditor", "li has other roles now"},
			{"user roles take --tenant acme li auditor", "li has other roles now"},
			{"user roles take --tenant acme li auditor", "li has the roles that they had"},
			{"! user roles give --tenant acme li agnet", "did you mean"},
			{"user roles show --tenant acme li", "agent  -      the user's"},
			{"user disable --tenant acme li", "li is disabled"},
			{"access explain --tenant acme li conversation:read", "li may not conversation:read: they are disabled (subject_inactive)"},
			{"user enable --tenant acme li", "li may sign in"},
			{"! user update --tenant acme li", "say what to change"},
			{"! user update --tenant acme --username zhou li", "username_taken"},
			{"! user update --tenant acme --department nowhere li", "no such department"},
			{"user update --tenant acme --name LiWei --phone 123 li", "name             LiWei"},
			{"user update --tenant acme --phone= --username li.wei li --json", `"phone":""`},
			{"user update --tenant acme --no-departments --username li LI.WEI", "username         li"},
			{"user sign-out --tenant acme li", "signed out everywhere"},
			{"user sessions --tenant acme li", "BEGAN"},
			{"user reset-second-factor --tenant acme li", "li has no second factor"},
			{"! user disable --tenant acme zhou", "last_administrator"},
			{"! user roles take --tenant acme zhou admin", "last_administrator"},
			{"access explain --tenant acme zhou role:update", "zhou may role:update: by the role admin."},
			{"access explain --tenant acme li role:update --json", `"reason":"no_permission"`},
			{"access explain --tenant acme --owner zhou --assignee li li conversation:update", "li may conversation:update: by the role agent."},
			{"access explain --tenant acme --owner zhou --assignee zhou li conversation:update", "They hold it at own. It needs"},
			{"! access explain --tenant acme li conversation", "expected resource:action"},
			{"! access explain --tenant acme li conversation:fly", "invalid_request"},
			{"! user delete --tenant acme zhou", "last_administrator"},
			{"user delete --tenant acme li", "li is deleted"},
			{"! user delete --tenant acme li", `has no user "li"`},
			{"tenant create --name Shop --admin ann shop", "https://desk.example/link#"},
			{"tenant link shop", "https://desk.example/link#"},
			{"! tenant create --admin ann shop", "slug_taken"},
			{"tenant list", "shop    Shop  active"},
			{"tenant update --time-zone Europe/Berlin shop", "Europe/Berlin"},
			{"tenant show shop --json", `"time_zone":"Europe/Berlin"`},
			{"tenant suspend --reason closing shop", "Tenant shop is suspended"},
			{"! user list --tenant shop", "tenant_suspended"},
			{"tenant list --status suspended", "shop"},
			{"tenant resume --reason open shop", "Tenant shop works again"},
			{"! tenant show platform", `there is no tenant "platform"`},
		} {
			if out := i.usher(t, step.line); !strings.Contains(out, step.want) {
				t.Errorf("usher %s: %s", step.line, out)
			}
		}
		i.compareRecords(t, "acme", map[string]int{
			"user.create": 2, "user.change_roles": 5, "user.disable": 2, "user.update": 5, "user.delete": 2, "access.explain": 6,
		})
		i.compareRecords(t, "platform", map[string]int{"tenant.create": 2, "tenant.suspend": 1, "tenant.update": 1})
	})
}

// compareRecords counts what the command line has left in a trail, by event.
func (i installed) compareRecords(t *testing.T, slug string, want map[string]int) {
	t.Helper()
	got := map[string]int{}
	for _, text := range i.trailOf(t, slug) {
		r, err := trail.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if r.Action.Op == trail.CLI && r.Actor.Type == trail.System && r.Action.Route != "" {
			got[r.Action.Event]++
		}
		if r.Action.Op == trail.HTTP {
			t.Errorf("a command was recorded as %+v", r.Action)
		}
	}
	for event, n := range want {
		if got[event] != n {
			t.Errorf("%s: %d records of %s, want %d", slug, got[event], event, n)
		}
	}
}

func (i installed) trailOf(t *testing.T, slug string) (bodies []string) {
	t.Helper()
	db, err := openPlace(t.Context(), i.place)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tenant := "platform"
	if slug != "platform" {
		var shown struct{ ID string }
		if err := json.Unmarshal([]byte(i.usher(t, "tenant show --json "+slug)), &shown); err != nil {
			t.Fatal(err)
		}
		tenant = shown.ID
	}
	err = db.Read(t.Context(), tenant, func(tx *store.Tx) (err error) {
		bodies, err = store.Collect(t.Context(), tx, func(r store.Row) (body string, err error) {
			var raw []byte
			err = r.Scan(&raw)
			return string(raw), err
		}, `SELECT b.body FROM audit_bodies b WHERE b.tenant_id = $1`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return bodies
}

// Nobody but the owner of the folder can open the socket; what a dead server has left is replaced.
func TestTheSocketIsTheOwners(t *testing.T) {
	i := install(t, server.Place{Data: t.TempDir()})
	path := filepath.Join(i.place.Data, "usher.sock")
	serve := append([]string{"serve", "--listen", "127.0.0.1:0"}, flagsOf(i.place)...)
	first := start(t, i.binary, serve...)
	if info, err := os.Stat(path); err != nil || info.Mode() != os.ModeSocket|0o600 {
		t.Fatalf("%v, %v", info.Mode(), err)
	}
	first.kill(t)
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
	clustertest.Eventually(t, "nobody answers any more", func() bool {
		c, err := net.Dial("unix", path)
		if err == nil {
			c.Close()
		}
		return err != nil
	})
	i.usher(t, "user list --tenant acme") // the dead one's socket keeps nobody waiting
	start(t, i.binary, serve...)
	before := len(i.trailOf(t, "acme"))
	i.usher(t, "user list --tenant acme")
	if after := i.trailOf(t, "acme"); len(after) != before+1 {
		t.Errorf("%d records, before %d", len(after), before)
	}
	if left, err := filepath.Glob(filepath.Join(i.place.Data, ".s*")); err != nil || len(left) > 0 {
		t.Errorf("where sockets were made stays %v, %v", left, err)
	}
}

// Of two nodes with one folder the second leaves the first its socket.
func TestTwoNodesOfOneFolder(t *testing.T) {
	owner, application := storetest.PostgresURLs(t)
	i := install(t, server.Place{Data: t.TempDir(), Postgres: application, PostgresOwner: owner})
	path := filepath.Join(i.place.Data, "usher.sock")
	flags := append([]string{"serve", "--listen", "127.0.0.1:0"}, flagsOf(i.place)...)
	start(t, i.binary, append(flags, "--node", "one")...)
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	start(t, i.binary, append(flags, "--node", "two")...)
	if after, err := os.Stat(path); err != nil || !os.SameFile(before, after) {
		t.Errorf("%v: the socket is another one", err)
	}
	i.usher(t, "user list --tenant acme")
	found := false
	for _, text := range i.trailOf(t, "acme") {
		found = found || strings.Contains(text, `"event":"user.list"`) && strings.Contains(text, `"node":"one"`)
	}
	if !found {
		t.Error("the command did not reach the first node")
	}
}

// A socket that answers and is no server of Usher says something else; the command does not go on as if it had.
func TestAStrangerAtTheSocket(t *testing.T) {
	i := install(t, server.Place{Data: t.TempDir()})
	l, err := net.Listen("unix", filepath.Join(i.place.Data, "usher.sock"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			c.Close()
		}
	}()
	i.usher(t, "! user list --tenant acme")
}
