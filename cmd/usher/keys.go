package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/usher-desk/usher/internal/server"
	"github.com/usher-desk/usher/internal/session"
)

type keysCommands struct {
	List   keysListCommand    `cmd:"" help:"List the keys that sign access tokens."`
	Rotate keysRotateCommands `cmd:"" help:"Replace a key."`
}

type keysRotateCommands struct {
	Signing rotateSigningCommand `cmd:"" help:"Replace the key that signs access tokens."`
	Master  rotateMasterCommand  `cmd:"" help:"Seal everything in the database with another master key."`
}

type keysListCommand struct {
	placeFlags `embed:""`
}

// Help is the example that --help shows.
func (keysListCommand) Help() string {
	return `A key waits, signs, retires while it still verifies what it has signed, and is expired until the next rotation removes it. It can be asked while usher serve is running.

Example:

  usher keys list --data /var/lib/usher`
}

// Run prints one line a key.
func (c keysListCommand) Run(ctx context.Context, std streams) error {
	keys, err := server.SigningKeys(ctx, c.place())
	if err != nil {
		return err
	}
	return tellKeys(std.out, keys)
}

func tellKeys(to io.Writer, keys []session.KeyState) error {
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "KEY\tUSE\tSIGNS FROM\tPUBLISHED UNTIL")
	for _, k := range keys {
		until := "further notice"
		if !k.PublishedUntil.IsZero() {
			until = k.PublishedUntil.Format(time.RFC3339)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", k.ID, k.Use, k.SignsFrom.Format(time.RFC3339), until)
	}
	return table.Flush()
}

type rotateSigningCommand struct {
	placeFlags `embed:""`
	Now        bool `env:"-" help:"After a compromise: the new key signs at once, and tokens of every other key are refused at once."`
}

// Help is the example that --help shows.
func (rotateSigningCommand) Help() string {
	return `The new key is published for two hours before it signs, the old one until its last token has expired; nobody notices. A node does the same by itself when the key is 90 days old. With --now everybody's next request is refused once and renewed with the refresh token, which no key signs; other programs that verify tokens with a copy of the public keys may use it for five minutes more.

It can be done while usher serve is running: nodes obey within a second.

Examples:

  usher keys rotate signing --data /var/lib/usher
  usher keys rotate signing --data /var/lib/usher --now`
}

// Run says which key signs from when.
func (c rotateSigningCommand) Run(ctx context.Context, std streams) error {
	how := session.Ordered
	if c.Now {
		how = session.Immediate
	}
	key, err := server.RotateSigning(ctx, c.place(), how)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, "Key %s signs from %s.\n", key.ID, key.SignsFrom.Format(time.RFC3339))
	return err
}

type rotateMasterCommand struct {
	placeFlags `embed:""`
	New        string `placeholder:"FILE" help:"File of a key to use from now on: 32 random bytes, mode 0600 (default: a new key, which takes the place of the present one)."`
}

// Help is the example that --help shows.
func (rotateMasterCommand) Help() string {
	return `Stop every usher serve first. Signing keys and second factors are sealed anew in one step: after an interruption the database has either key, both lie beside each other, and the next start uses the right one and says so. The former key is kept, because copies of the database from before need it. Where other machines serve the same database, copy the new file to them before they start.

Examples:

  usher keys rotate master --data /var/lib/usher
  usher keys rotate master --data /var/lib/usher --new /run/secrets/usher-key`
}

// Run says where the keys are now.
func (c rotateMasterCommand) Run(ctx context.Context, std streams) error {
	done, err := server.RotateMaster(ctx, c.place(), c.New)
	if err != nil {
		return err
	}
	const told = "Everything is sealed with the key in %s. %s opens copies of the database from before: delete it when there are none.\n"
	_, err = fmt.Fprintf(std.out, told, done.KeyFile, done.Kept)
	if c.New != "" && err == nil {
		_, err = fmt.Fprintf(std.out, "Start usher with --master-key %s from now on.\n", c.New)
	}
	return err
}
