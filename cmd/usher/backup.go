package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/usher-desk/usher/internal/backup"
	"github.com/usher-desk/usher/internal/server"
)

type backupCommand struct {
	placeFlags `embed:""`
	Files      string `placeholder:"DIR" help:"Folder of uploaded files (default: files in the data folder)."`
	Check      bool   `env:"-" help:"Look whether FILE is a whole backup, instead of making one. Needs no --data."`
	File       string `arg:"" help:"The backup."`
}

// Help is the example that --help shows.
func (backupCommand) Help() string {
	return `Copies the SQLite database, as it stands at one moment, and the folder of uploaded files into one file of mode 0600. It can be done while usher serve is running. The master key is not in it: keep a copy of that somewhere else. Nothing is overwritten. PostgreSQL is copied with its own tools.

With --check it reads a backup to its end: every hash, the database's own checks, and that every file has its bytes. It ends with 0 when the backup is good, with 1 when it is damaged, and says where, and with 2 when it is none that this program can use.

Examples:

  usher backup --data /var/lib/usher /mnt/backup/usher-2026-11-22.tar
  usher backup --check /mnt/backup/usher-2026-11-22.tar`
}

// Run makes a backup, or checks one.
func (c backupCommand) Run(ctx context.Context, std streams) error {
	if c.Check {
		return c.check(ctx, std)
	}
	bar := newBar(std.err)
	made, err := server.Backup(ctx, c.place(), server.BackupOrder{File: c.File, Files: c.Files, Program: programVersion(), Progress: bar.progress()})
	bar.end()
	if errors.Is(err, server.ErrPostgresTools) || errors.Is(err, backup.ErrTaken) {
		return errUsage{err}
	}
	if err != nil {
		return err
	}
	return tellBackup(std, fmt.Sprintf("%s holds", c.File), made)
}

func (c backupCommand) check(ctx context.Context, std streams) error {
	bar := newBar(std.err)
	found, err := backup.Check(ctx, c.File, bar.progress())
	bar.end()
	if errors.Is(err, backup.ErrUnusable) {
		return errUsage{fmt.Errorf("%s: %w", c.File, err)}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	return tellBackup(std, fmt.Sprintf("%s is good: backup %s of %s has", c.File, found.ID, found.Time.Format("2006-01-02 15:04 MST")), found)
}

func tellBackup(std streams, begin string, m backup.Manifest) error {
	if len(m.Lost) > 0 {
		fmt.Fprintf(std.err, "Warning: %d files that messages carry were lost before, the first of them %s.\n", len(m.Lost), m.Lost[0])
	}
	_, err := fmt.Fprintf(std.out, "%s %d tenants, %d files, and a database of %d bytes (schema %d).\n", begin, m.Tenants(), m.Files, m.Database.Size, m.Schema)
	return err
}
