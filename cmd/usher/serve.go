package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"

	"github.com/usher-desk/usher/internal/blob"
	"github.com/usher-desk/usher/internal/cluster"
	"github.com/usher-desk/usher/internal/server"
	"github.com/usher-desk/usher/internal/session"
)

// serveFlags are what a server works with.
type serveFlags struct {
	placeFlags   `embed:""`
	networkFlags `embed:""`
	Node         string `placeholder:"NAME" help:"What records call this process; each node of a database has a name of its own (default: the machine's name and the port listened on, as in desk-1:8080)."`
	Redis        string `placeholder:"URL" secret:"" help:"What several nodes share, redis://user:password@host:port/number, or rediss:// for TLS: they obey one another within a second, without it within five."`
	Files        string `placeholder:"DIR" help:"Folder of uploaded files, which all nodes of a database share (default: files in the data folder)."`
	KeepFree     uint   `name:"keep-free" default:"${keep_free}" placeholder:"MIB" help:"MiB of the SQLite database's disk that are kept free: with less, changes are refused, while reading, signing in and out, ending sessions and visits, disabling and deleting users, deactivating roles and suspending tenants go on, slowly; 0 for none (default: ${default})."`
	LogFormat    string `enum:"text,json" default:"text" placeholder:"text|json" help:"How the log on standard error is written (default: ${default})."`
	LogRequests  bool   `help:"Log a line for each operation: its name, outcome and time, and nothing that was sent."`
}

type serveCommand struct {
	serveFlags `embed:""`
	Lifeline   bool `hidden:"" env:"-" help:"Stop when standard input ends, as it does with the process that holds its other end."`
	Demo       bool `help:"Fill an empty database with three tenants and people in every role, and print their passwords and second factors."`

	temporary bool // the folder is made for this run
}

// Help is the example that --help shows.
func (serveCommand) Help() string {
	return `Examples:

  usher serve --demo
  usher serve --data /var/lib/usher --url https://desk.example
  usher serve --data /var/lib/usher --postgres postgres://usher_app@db/usher --url https://desk.example

On PostgreSQL any number of nodes serve one database, each with a --node of its own and the same master key. Give them a --redis to share, and one folder of --files.

Where nothing is set up yet, it prints a single-use link by which the first tenant and its administrator are made, with the calls for it.`
}

// Run serves until it is told to stop.
func (c serveCommand) Run(ctx context.Context, std streams) error {
	c.log(std.err)
	if c.Demo {
		cleanUp, err := c.prepareDemo()
		if err != nil {
			return err
		}
		defer cleanUp()
	}
	certificate, err := c.protection()
	if err != nil {
		return err
	}
	if err := c.settleNode(); err != nil {
		return err
	}
	if c.Lifeline {
		var cut context.CancelFunc
		ctx, cut = whileOpen(ctx, std.in)
		defer cut()
	}
	shared, err := c.join()
	if err != nil {
		return err
	}
	defer shared.Close()
	installation, err := c.place().Serve(ctx, c.Node, true)
	if err != nil {
		return err
	}
	defer installation.Close()
	return c.serve(ctx, std, installation, shared, certificate)
}

// log decides how the log is written, once for the process.
func (f serveFlags) log(w io.Writer) {
	var handler slog.Handler = slog.NewTextHandler(w, nil)
	if f.LogFormat == "json" {
		handler = slog.NewJSONHandler(w, nil)
	}
	slog.SetDefault(slog.New(handler))
}

// join connects the node with the others. A Redis that is away does not keep it from serving.
func (c serveCommand) join() (*cluster.Cluster, error) {
	if c.Redis == "" {
		return cluster.New(), nil
	}
	shared, err := cluster.Dial(c.Redis)
	if err != nil {
		return nil, errUsage{fmt.Errorf("--redis: %w", err)}
	}
	return shared, nil
}

// prepareDemo keeps a demonstration on this machine and gives it a folder.
func (c *serveCommand) prepareDemo() (cleanUp func(), err error) {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil || !session.Loopback(host) {
		return nil, errUsage{errors.New("--demo listens on loopback only: everybody who sees its passwords could sign in")}
	}
	if c.URL != "" {
		return nil, errUsage{errors.New("--demo has no other address than the one it listens on: leave --url out")}
	}
	if c.Data != "" {
		return func() {}, nil
	}
	if c.Data, err = os.MkdirTemp("", "usher-demo-"); err != nil {
		return nil, err
	}
	c.temporary = true
	return func() { os.RemoveAll(c.Data) }, nil
}

func (c serveCommand) serve(ctx context.Context, std streams, installation *server.Installation, shared *cluster.Cluster, certificate *certificate) error {
	doors, err := c.openDoors()
	if err != nil {
		return err
	}
	defer doors.close()
	if err := c.settleAddress(ctx, installation, doors.listener.Addr(), certificate != nil); err != nil {
		return err
	}
	program, err := server.New(ctx, c.config(installation, shared, doors.files))
	if err != nil {
		return err
	}
	if err := c.begin(ctx, std, program, installation.SetUpFile()); err != nil {
		return err
	}
	defer program.Stop()
	defer serveMachine(ctx, installation, program.API.OnMachine()).close(ctx)
	doors.admin.serve(program.Admin())
	fmt.Fprintf(std.err, "Usher %s listens on %s and serves %s\n", programVersion(), doors.listener.Addr(), c.URL)
	err = listen(ctx, std, secured(doors.listener, certificate), program, installation.Lost())
	fmt.Fprintln(std.err, "Stopped.")
	return err
}

func (c serveCommand) config(i *server.Installation, shared *cluster.Cluster, files *blob.Folder) server.Config {
	return server.Config{
		DB: i.DB, Cluster: shared, Master: i.Master, URL: c.URL, Version: programVersion(),
		Node: c.Node, BcryptCost: c.bcryptCost(), SetUpFile: i.SetUpFile(), Files: files,
		Free: i.Free(), KeepFree: int64(c.KeepFree) << 20, Proxies: c.TrustedProxy, LogRequests: c.LogRequests,
	}
}

// begin has everything ready that people find: the demonstration's tenants, or none of them, and what runs beside the
// requests, and where nothing is set up, the link for it. When it fails nothing runs.
func (c serveCommand) begin(ctx context.Context, std streams, program *server.Server, setUpFile string) error {
	fill := program.CheckReal
	if c.Demo {
		fill = func(ctx context.Context) error { return c.fillDemo(ctx, std, program) }
	}
	if err := fill(ctx); err != nil {
		return err
	}
	if err := program.Start(ctx); err != nil {
		return err
	}
	err := c.offerSetUp(ctx, std, program, setUpFile)
	if err != nil {
		program.Stop()
	}
	return err
}

// settleAddress decides the public address. The demonstration's is the one that it listens on.
func (c *serveCommand) settleAddress(ctx context.Context, installation *server.Installation, listening net.Addr, overTLS bool) error {
	here := "http://" + listening.String()
	if overTLS {
		here = "https://" + listening.String()
	}
	if c.Demo {
		c.URL = here
		return nil
	}
	address, before, err := installation.Address(ctx, c.URL)
	if err != nil {
		return err
	}
	if before != "" {
		slog.Warn("the public address has changed; tokens of the former one are void, and trails go on under the new name", "before", before, "now", address)
	}
	c.URL = cmp.Or(address, here)
	if address == "" {
		if err := installation.Only(ctx); err != nil {
			return fmt.Errorf("nodes need one public address, which --url gives: %w", err)
		}
	}
	return nil
}

// bcryptCost is low for the demonstration, whose passwords are printed anyway.
func (c serveCommand) bcryptCost() int {
	if c.Demo {
		return server.DemoCost
	}
	return 0
}

// fillDemo prints one line a person on standard output: tenant, username, password, second factor.
func (c serveCommand) fillDemo(ctx context.Context, std streams, program *server.Server) error {
	people, err := program.FillDemo(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(std.err, "DEMONSTRATION: invented data, printed passwords, loopback only. Not for real work.")
	if c.temporary {
		fmt.Fprintln(std.err, "Ctrl-C ends it and deletes its data.")
	}
	fmt.Fprintln(std.err, "Tenant, username, password, second factor:")
	for _, p := range people {
		if _, err := fmt.Fprintf(std.out, "%s\t%s\t%s\t%s\n", p.Tenant, p.Username, p.Password, p.SecondFactor); err != nil {
			return err
		}
	}
	return nil
}
