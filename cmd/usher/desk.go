package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"github.com/usher-desk/usher/internal/virtualdesk"
)

type deskCommands struct {
	Simulate simulateCommand `cmd:"" help:"Work a server with people who are programs, and tell which invariants broke."`
}

// simulateCommand has environment variables of its own for addresses: what is set for usher serve must not
// have a virtual desk work a server that people use.
type simulateCommand struct {
	Duration   time.Duration `env:"-" default:"30s" help:"How long people come and ask (default: ${default})."`
	Agents     int           `env:"-" default:"8" help:"How many agents there are (default: ${default})."`
	Requesters int           `env:"-" default:"12" help:"How many people ask (default: ${default})."`
	Arrivals   float64       `env:"-" default:"120" help:"Conversations a minute, on average (default: ${default})."`
	Skills     int           `env:"-" default:"4" help:"How many kinds of help are asked for (default: ${default})."`
	Seed       uint64        `env:"-" help:"Have people decide as in the run with this seed (default: any)."`
	JSON       bool          `env:"-" name:"json" help:"Print the last line only, which is one JSON object."`

	Nodes         int    `env:"-" default:"1" help:"How many nodes the throwaway server has; more than one needs --postgres (default: ${default})."`
	Kill          bool   `env:"-" help:"Kill a node of the throwaway server now and then, without a chance to tidy up, and start it again."`
	Postgres      string `env:"USHER_SIMULATE_POSTGRES" placeholder:"URL" help:"PostgreSQL address for a role that may create databases: the throwaway server works on one of its own; SQLite otherwise."`
	PostgresOwner string `env:"USHER_SIMULATE_POSTGRES_OWNER" placeholder:"URL" help:"The same, where --postgres is for a role that may not."`
	Redis         string `env:"USHER_SIMULATE_REDIS" placeholder:"URL" help:"What the nodes share besides (default: nothing)."`

	URL              string `env:"USHER_SIMULATE_URL" name:"url" placeholder:"URL" help:"A server that is there already, instead of a throwaway one."`
	Tenant           string `env:"USHER_SIMULATE_TENANT" placeholder:"SLUG" help:"With --url: the tenant to work in."`
	Username         string `env:"USHER_SIMULATE_USERNAME" placeholder:"USERNAME" help:"With --url: an administrator of the tenant."`
	PasswordFile     string `env:"USHER_SIMULATE_PASSWORD_FILE" placeholder:"FILE" help:"With --url: file with the administrator's password."`
	SecondFactorFile string `env:"USHER_SIMULATE_SECOND_FACTOR_FILE" placeholder:"FILE" help:"With --url: file with the secret of the administrator's second factor, in base32."`
	Yes              bool   `env:"-" help:"With --url: also in a tenant that has conversations."`
}

// Help is the example that --help shows.
func (simulateCommand) Help() string {
	return `Requesters come at random, ask, answer, leave and rate; agents answer, hold, park, pass on, resolve, and are away or cut off now and then; a lead assigns, listens, whispers and steps in; an auditor looks on. They know the server from outside only. What was acknowledged is held against what everybody is shown, while the desk works and once more when it has come to rest.

Progress goes to standard error, a report to standard output. Its last line is one JSON object with "conversations", "assigned", "broken" (the names of the invariants that broke), "examples" and the times in milliseconds. The exit code is 1 when an invariant broke. Ctrl-C ends the work early and tells what came of it.

Without --url the server is a throwaway one: processes of this program on a temporary folder, or on a database usher_simulate_… that is dropped again. With --url the desk makes departments, skills and people named virtual-… in the tenant; afterwards it ends their conversations, disables the people and removes what nothing refers to. The conversations stay.

Examples:

  usher desk simulate --duration 30s
  usher desk simulate --postgres postgres://postgres@localhost/postgres --nodes 3 --kill --duration 10m
  usher desk simulate --url https://desk.example --tenant trial --username zhou --password-file password --second-factor-file secret`
}

// Run works the desk and tells what came of it.
func (c simulateCommand) Run(ctx context.Context, std streams) (err error) {
	if err := c.check(); err != nil {
		return errUsage{err}
	}
	if c.Seed == 0 {
		c.Seed = rand.Uint64N(1_000_000) + 1
	}
	there, err := c.find(ctx, std)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, there.close()) }()
	report, err := virtualdesk.Run(ctx, virtualdesk.Config{
		Bases: there.bases, Admin: there.admin, Duration: c.Duration, Agents: c.Agents, Requesters: c.Requesters,
		Arrivals: c.Arrivals, Skills: c.Skills, Seed: c.Seed, Throwaway: c.URL == "", MustBeEmpty: c.URL != "" && !c.Yes,
		Disturb: there.disturb, Tell: func(line string) { fmt.Fprintln(std.err, line) },
	})
	if errors.Is(err, virtualdesk.ErrNotEmpty) {
		return errUsage{fmt.Errorf("%w: give --yes to work in it all the same", err)}
	}
	if err != nil {
		return err
	}
	report.Kills = there.kills()
	return c.tell(std, report)
}

// check refuses flags that do not go together.
func (c simulateCommand) check() error {
	switch {
	case c.Duration <= 0 || c.Agents < 1 || c.Requesters < 1 || c.Skills < 1 || c.Nodes < 1 || c.Arrivals <= 0:
		return errors.New("a duration and numbers are more than nothing")
	case c.URL == "" && (c.Tenant != "" || c.Username != "" || c.PasswordFile != "" || c.SecondFactorFile != "" || c.Yes):
		return errors.New("--tenant, --username, --password-file, --second-factor-file and --yes say who works in the server at --url")
	case c.URL != "" && (c.Postgres != "" || c.PostgresOwner != "" || c.Redis != "" || c.Nodes > 1 || c.Kill):
		return errors.New("--postgres, --redis, --nodes and --kill are for a throwaway server: leave them or --url out")
	case c.URL != "" && (c.Tenant == "" || c.Username == "" || c.PasswordFile == ""):
		return errors.New("--url needs --tenant, --username and --password-file")
	case c.Nodes > 1 && c.Postgres == "" && c.PostgresOwner == "":
		return errors.New("--nodes: SQLite has one node; give --postgres")
	}
	return nil
}

// tell prints the report, and the object alone on the last line.
func (c simulateCommand) tell(std streams, report virtualdesk.Report) error {
	line, err := json.Marshal(report)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if !c.JSON {
		if err := report.Write(&text); err != nil {
			return err
		}
	}
	text.Write(append(line, '\n'))
	if _, err := std.out.Write(text.Bytes()); err != nil {
		return err
	}
	if len(report.Broken) > 0 {
		return errSilent
	}
	return nil
}

// site is where a virtual desk works.
type site struct {
	bases   []string
	admin   virtualdesk.Login
	disturb func(context.Context)
	kills   func() int
	close   func() error
}

// find takes the server that is there, or makes one.
func (c simulateCommand) find(ctx context.Context, std streams) (site, error) {
	if c.URL == "" {
		return c.throwAway(ctx, std)
	}
	password, err := readLine(c.PasswordFile)
	if err != nil {
		return site{}, err
	}
	there := site{
		bases: []string{strings.TrimRight(c.URL, "/")}, admin: virtualdesk.Login{Tenant: c.Tenant, Username: c.Username, Password: password},
		kills: func() int { return 0 }, close: func() error { return nil },
	}
	if c.SecondFactorFile != "" {
		there.admin.Secret, err = readLine(c.SecondFactorFile)
	}
	return there, err
}

// readLine reads a secret from the first line of a file.
func readLine(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", errUsage{err}
	}
	defer f.Close()
	return firstLine(f)
}
