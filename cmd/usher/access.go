package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/usher-desk/usher/access/world"
	"github.com/usher-desk/usher/internal/accesstest"
)

type accessCommands struct {
	Explain accessExplainCommand `cmd:"" help:"Explain why a user may do something, or what is missing."`
	Test    accessTestCommand    `cmd:"" help:"Put the questions of world files to the access rules and compare the answers."`
}

// accessTestCommand has an environment variable of its own for --postgres: what is set for usher
// serve must not make databases come and go on its server.
type accessTestCommand struct {
	Files    []string `arg:"" name:"file" help:"World files: tenants, objects, questions and their right answers."`
	Store    bool     `help:"Load each world into a throwaway database and ask there, through stored policies and SQL."`
	Postgres string   `env:"USHER_ACCESS_TEST_POSTGRES" placeholder:"URL" help:"PostgreSQL address for a role that may create databases; SQLite otherwise. Needs --store."`
}

// Help is the example that --help shows.
func (accessTestCommand) Help() string {
	return `Wrong answers go to standard error. The last line on standard output counts all files; the exit code is 1 when an answer was wrong.

With --postgres a database usher_access_test_… is made on the server for each file, and dropped again. A role may be made beside it for as long; no other database is touched.

Examples:

  usher access test access/testdata/world-business.json
  usher access test --store access/testdata/world-*.json
  usher access test --store --postgres postgres://postgres@localhost/postgres access/testdata/world-it-desk.json`
}

// Run asks everything in all files.
func (c accessTestCommand) Run(ctx context.Context, std streams) error {
	if c.Postgres != "" && !c.Store {
		return errUsage{errors.New("--postgres says where to make throwaway databases, which only --store does")}
	}
	worlds, err := loadWorlds(c.Files)
	if err != nil {
		return err
	}
	var passed, failed int
	for i, w := range worlds {
		result, err := c.ask(ctx, w)
		if err != nil {
			return fmt.Errorf("%s: %w", c.Files[i], err)
		}
		for _, failure := range result.Failures {
			fmt.Fprintf(std.err, "%s: %v\n", c.Files[i], failure)
		}
		passed += result.Passed
		failed += result.Failed
	}
	if _, err := fmt.Fprintf(std.out, "%d passed, %d failed\n", passed, failed); err != nil {
		return err
	}
	if failed > 0 {
		return errSilent
	}
	return nil
}

// loadWorlds reads all files before anything is asked: a mistake in the last one shows at once.
func loadWorlds(files []string) ([]*world.World, error) {
	var worlds []*world.World
	for _, file := range files {
		w, err := world.Load(file)
		if err != nil {
			return nil, err
		}
		worlds = append(worlds, w)
	}
	return worlds, nil
}

// ask puts the questions of one world. A cancelled context makes no wrong answers, but an error.
func (c accessTestCommand) ask(ctx context.Context, w *world.World) (result world.Result, err error) {
	answerer, end, err := c.open(ctx, w)
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, end()) }()
	result = world.Run(ctx, w, answerer)
	return result, ctx.Err()
}

func (c accessTestCommand) open(ctx context.Context, w *world.World) (world.Answerer, func() error, error) {
	if !c.Store {
		library, err := world.NewLibrary(w)
		return library, func() error { return nil }, err
	}
	open := accesstest.OpenSQLite
	if c.Postgres != "" {
		open = func(ctx context.Context, w *world.World) (*accesstest.Store, error) {
			return accesstest.OpenPostgres(ctx, c.Postgres, w)
		}
	}
	s, err := open(ctx, w)
	if err != nil {
		return nil, nil, err
	}
	return s, s.Close, nil
}
