package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/usher-desk/usher/internal/backup"
	"github.com/usher-desk/usher/internal/server"
)

type restoreCommand struct {
	placeFlags `embed:""`
	Reason     string `env:"-" placeholder:"TEXT" help:"Why; the trails keep it."`
	File       string `arg:"" optional:"" help:"The backup. Without one, the database that is there was restored by other tools."`
}

// Help is the example that --help shows.
func (restoreCommand) Help() string {
	return `Makes an installation from a backup, in a folder that is absent, empty, or holds nothing but its master.key. The backup is checked first; the master key is that of the installation it was made of.

Every session, link and visit ends, every token and recovery code is void, and every trail says that it was restored: people sign in again. What happened after the backup is gone: look at docs/operations/backup.md for what to do again.

Without FILE it does the same to a database that is in its place already: PostgreSQL after pg_restore, or a folder that was copied back as a whole. Nobody may be serving it.

Examples:

  usher restore --data /var/lib/usher-new --master-key /mnt/key/master.key --reason "disk failure" /mnt/backup/usher-2026-11-22.tar
  usher restore --data /var/lib/usher --postgres postgres://usher_app@db/usher --reason "restored the dump of last night"`
}

// Run restores and says how to go on.
func (c restoreCommand) Run(ctx context.Context, std streams) error {
	done, err := c.restore(ctx, std)
	switch {
	case errors.Is(err, server.ErrPostgresTools) || errors.Is(err, server.ErrNotEmpty) || errors.Is(err, backup.ErrUnusable):
		return errUsage{err}
	case err != nil:
		return err
	}
	if c.File != "" {
		fmt.Fprintf(std.out, "Restored backup %s of %s.\n", done.Backup.ID, done.Backup.Time.Format("2006-01-02 15:04 MST"))
	}
	_, err = fmt.Fprintf(std.out, restoredWords, done.Tenants, c.repeated())
	return err
}

// restoredWords takes how many tenants there are, and the flags of usher serve.
const restoredWords = `Everybody in %d tenants signs in again, with the authenticator where a second factor is due: recovery codes are void, as nobody knows which were used since.
Who has no authenticator at hand: usher user reset-second-factor, or usher recover-admin --reset-second-factor. Go on with: usher serve%s
`

func (c restoreCommand) restore(ctx context.Context, std streams) (server.Restored, error) {
	if c.File == "" {
		return server.DeclareRestored(ctx, c.place(), c.Reason)
	}
	bar := newBar(std.err)
	defer bar.end()
	return server.Restore(ctx, c.place(), server.RestoreOrder{File: c.File, Reason: c.Reason, Progress: bar.progress()})
}
