package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/usher-desk/usher/internal/store/storetest"
)

func TestMain(m *testing.M) {
	testscript.Main(tidied{m}, map[string]func(){"usher": func() {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		os.Exit(run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}))
	}})
}

// The scripts in testdata/script tell what each command does, as a person at a terminal sees it.
func TestCommands(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			owner, application := storetest.PostgresURLs(t)
			env.Setenv("POSTGRES", application)
			env.Setenv("POSTGRES_OWNER", owner)
			env.Setenv("SERVER", storetest.PostgresURL(t))
			return nil
		},
	})
}

// Every command explains itself with an example.
func TestEveryCommandHasHelp(t *testing.T) {
	for _, command := range [][]string{
		{}, {"serve"}, {"init"}, {"user", "link"}, {"user", "list"}, {"user", "update"}, {"user", "delete"}, {"user", "roles", "give"},
		{"tenant", "create"}, {"tenant", "suspend"},
		{"access", "explain"}, {"recover-admin"}, {"desk", "simulate"}, {"keys", "list"}, {"keys", "rotate", "signing"}, {"keys", "rotate", "master"},
		{"access", "test"}, {"token", "verify"}, {"backup"}, {"restore"}, {"migrate"}, {"openapi"}, {"errors"}, {"version"},
	} {
		out, code := output(append(command, "--help"))
		if code != exitGood || len(out) < 100 {
			t.Errorf("usher %v --help: exit %d\n%s", command, code, out)
		}
	}
}
