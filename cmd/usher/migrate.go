package main

import (
	"context"
	"fmt"
)

type migrateCommand struct {
	placeFlags `embed:""`
}

// Help is the example that --help shows.
func (migrateCommand) Help() string {
	return `Stop every usher serve first: where something is to be migrated, the command is refused while one runs. PostgreSQL needs both addresses: the owner's changes the tables, and the application's role is given its rights.

Examples:

  usher migrate --data /var/lib/usher
  usher migrate --postgres postgres://usher_app@db/usher --postgres-owner postgres://usher_owner@db/usher`
}

// Run migrates and says from where to where.
func (c migrateCommand) Run(ctx context.Context, std streams) error {
	before, after, err := c.place().Upgrade(ctx)
	if err != nil {
		return err
	}
	if before == after {
		_, err = fmt.Fprintf(std.out, "The schema is up to date (version %d).\n", after)
	} else {
		_, err = fmt.Fprintf(std.out, "Migrated the schema from version %d to %d.\n", before, after)
	}
	return err
}
