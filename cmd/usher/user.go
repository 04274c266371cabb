package main

import (
	"context"
	"fmt"

	"github.com/usher-desk/usher/internal/server"
)

type userCommands struct {
	List              userListCommand        `cmd:"" help:"List users."`
	Show              userShowCommand        `cmd:"" help:"Show one user."`
	Create            userCreateCommand      `cmd:"" help:"Make a user."`
	Update            userUpdateCommand      `cmd:"" help:"Change a user's name, profile or departments."`
	Delete            userDeleteCommand      `cmd:"" help:"Delete a user."`
	Link              userLinkCommand        `cmd:"" help:"Print a single-use link with which a user chooses a password."`
	Disable           userDisableCommand     `cmd:"" help:"Disable a user and end their sessions."`
	Enable            userEnableCommand      `cmd:"" help:"Enable a user."`
	Sessions          userSessionsCommand    `cmd:"" help:"List the sessions of a user."`
	SignOut           userSignOutCommand     `cmd:"" help:"End all sessions of a user."`
	ResetSecondFactor userResetFactorCommand `cmd:"" help:"Take a user's second factor away and end their sessions."`
	Roles             userRolesCommands      `cmd:"" help:"Show the roles of a user, give and take them."`
}

type userLinkCommand struct {
	placeFlags `embed:""`
	URL        string `name:"url" placeholder:"URL" help:"Public address for this link (default: the one remembered, else http://127.0.0.1:8080)."`
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
	return tellLinkUse(std, "Good", until)
}
