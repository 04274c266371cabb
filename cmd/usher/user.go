package main

import (
	"context"
	"fmt"

	"github.com/usher-desk/usher/internal/server"
)

type userCommands struct {
	Link userLinkCommand `cmd:"" help:"Print a single-use link with which a user chooses a password."`
}

type userLinkCommand struct {
	placeFlags `embed:""`
	URL        string `name:"url" placeholder:"URL" help:"Public address for this link, where another than the remembered one is meant."`
	Tenant     string `required:"" placeholder:"SLUG" help:"Short name of the user's tenant."`
	Username   string `arg:"" help:"Who the link is for."`
}

// Help is the example that --help shows.
func (userLinkCommand) Help() string {
	return `The link is good for 72 hours and voids older ones of the same user. It can be made while usher serve is running.

Example:

  usher user link --data /var/lib/usher --tenant acme zhou`
}

// Run prints the link alone on standard output.
func (c userLinkCommand) Run(ctx context.Context, std streams) error {
	link, until, err := server.UserLink(ctx, c.place(), c.URL, c.Tenant, c.Username)
	if err != nil {
		return err
	}
	fmt.Fprintln(std.out, link)
	_, err = fmt.Fprintf(std.err, "Good until %s, once: POST /v1/auth/links/redeem {\"link\": \"…\", \"password\": \"…\"}\n",
		until.Local().Format("2006-01-02 15:04 MST"))
	return err
}
