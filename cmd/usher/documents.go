package main

import (
	"github.com/usher-desk/usher/internal/server"
)

type openAPICommand struct{}

// Help is the example that --help shows.
func (openAPICommand) Help() string { return "Example:\n\n  usher openapi > openapi.json" }

// Run prints the description, one member a line.
func (openAPICommand) Run(std streams) error { return server.WriteOpenAPI(std.out) }

type errorsCommand struct{}

// Help is the example that --help shows.
func (errorsCommand) Help() string { return "Example:\n\n  usher errors > errors.md" }

// Run prints the error codes as Markdown.
func (errorsCommand) Run(std streams) error { return server.WriteErrors(std.out) }
