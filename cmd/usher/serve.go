package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/usher-desk/usher/internal/server"
	"github.com/usher-desk/usher/internal/session"
)

type serveCommand struct {
	placeFlags `embed:""`
	Listen     string `default:"127.0.0.1:8080" placeholder:"ADDR" help:"Address to listen on."`
	URL        string `placeholder:"URL" help:"Public address, such as https://desk.example (default: the address listened on)."`
	Demo       bool   `help:"Fill an empty database with three tenants and people in every role, and print their passwords."`
}

// Help is the example that --help shows.
func (serveCommand) Help() string {
	return `Examples:

  usher serve --demo
  usher serve --data /var/lib/usher --url https://desk.example
  usher serve --data /var/lib/usher --postgres postgres://usher_app@db/usher --url https://desk.example`
}

// Run serves until it is told to stop.
func (c serveCommand) Run(ctx context.Context, io streams) error {
	slog.SetDefault(slog.New(slog.NewTextHandler(io.err, nil)))
	if c.Demo {
		cleanUp, err := c.prepareDemo()
		if err != nil {
			return err
		}
		defer cleanUp()
	}
	installation, exclusive, err := c.place().OpenExclusively(ctx, c.Demo)
	if err != nil {
		return err
	}
	defer installation.Close()
	defer exclusive.Release(context.WithoutCancel(ctx))
	return c.serve(ctx, io, installation, exclusive.Lost())
}

// prepareDemo keeps a demonstration on this machine and gives it a folder.
func (c *serveCommand) prepareDemo() (cleanUp func(), err error) {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil || !session.Loopback(host) {
		return nil, errUsage{errors.New("--demo listens on loopback only: everybody who sees its passwords could sign in")}
	}
	if c.Data != "" {
		return func() {}, nil
	}
	if c.Data, err = os.MkdirTemp("", "usher-demo-"); err != nil {
		return nil, err
	}
	return func() { os.RemoveAll(c.Data) }, nil
}

func (c serveCommand) serve(ctx context.Context, io streams, installation *server.Installation, lost <-chan struct{}) error {
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	if c.URL == "" {
		c.URL = "http://" + listener.Addr().String()
	}
	program, err := server.New(ctx, server.Config{
		DB: installation.DB, Master: installation.Master, URL: c.URL, Version: programVersion(),
		Node: nodeName(), BcryptCost: c.bcryptCost(),
	})
	if err != nil {
		return err
	}
	if c.Demo {
		if err := c.fillDemo(ctx, io, program); err != nil {
			return err
		}
	}
	if err := program.Start(ctx); err != nil {
		return err
	}
	defer program.Stop()
	fmt.Fprintf(io.err, "Usher %s serves %s\n", programVersion(), c.URL)
	return listen(ctx, listener, program, lost)
}

// bcryptCost is low for the demonstration, whose passwords are printed anyway.
func (c serveCommand) bcryptCost() int {
	if c.Demo {
		return server.DemoCost
	}
	return 0
}

// fillDemo prints one line a person on standard output: tenant, username, password, second factor.
func (c serveCommand) fillDemo(ctx context.Context, io streams, program *server.Server) error {
	people, err := program.FillDemo(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(io.err, "DEMONSTRATION: invented data, printed passwords, loopback only. Not for real work.")
	fmt.Fprintln(io.err, "tenant, username, password, second factor:")
	for _, p := range people {
		if _, err := fmt.Fprintf(io.out, "%s\t%s\t%s\t%s\n", p.Tenant, p.Username, p.Password, p.SecondFactor); err != nil {
			return err
		}
	}
	return nil
}

func nodeName() string {
	if name, err := os.Hostname(); err == nil && name != "" {
		return name
	}
	return "node"
}

// errLost ends a node that no longer has the right to serve.
var errLost = errors.New("another node took over this database, or it could not be reached; stopping")

// drain is how long running requests may take to end.
const drain = 10 * time.Second

func listen(ctx context.Context, listener net.Listener, handler http.Handler, lost <-chan struct{}) error {
	s := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute, // where no operation sets a shorter one
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(listener) }()
	var reason error
	select {
	case err := <-failed:
		return err
	case <-lost:
		reason = errLost
	case <-ctx.Done():
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	return errors.Join(reason, s.Shutdown(ending))
}
