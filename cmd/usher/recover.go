package main

import (
	"context"
	"fmt"

	"github.com/usher-desk/usher/internal/server"
)

type recoverCommand struct {
	placeFlags        `embed:""`
	URL               string `name:"url" placeholder:"URL" help:"Public address for this link (default: the one remembered, else http://127.0.0.1:8080)."`
	Tenant            string `required:"" placeholder:"SLUG" help:"Short name of the tenant; platform for the platform's own people."`
	User              string `placeholder:"USERNAME" help:"Which administrator; needed where there are several."`
	ResetSecondFactor bool   `env:"-" help:"Take their second factor away as well, so that they set up a new one at the next sign-in."`
}

// Help is the example that --help shows.
func (recoverCommand) Help() string {
	return `Prints a single-use link with which the administrator chooses a password. The tenant's administrators are shown that this happened until one of them acknowledges it, and it is in the trail. It can be done while usher serve is running.

Examples:

  usher recover-admin --data /var/lib/usher --tenant acme
  usher recover-admin --data /var/lib/usher --tenant acme --user zhou --reset-second-factor`
}

// Run prints the link alone on standard output.
func (c recoverCommand) Run(ctx context.Context, std streams) error {
	done, err := server.RecoverAdmin(ctx, c.place(), server.Recovery{
		URL: c.URL, Tenant: c.Tenant, Username: c.User, ResetFactor: c.ResetSecondFactor,
	})
	if err != nil {
		return err
	}
	fmt.Fprintln(std.out, done.Link)
	return tellLinkUse(std, "For "+done.Username+", good", done.Until)
}
