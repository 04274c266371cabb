package server

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/backup"
	"github.com/usher-desk/usher/internal/blob"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
	"github.com/usher-desk/usher/trail"
)

// ErrPostgresTools: PostgreSQL has tools of its own, which know what this program does not.
var ErrPostgresTools = errors.New("usher copies SQLite only; PostgreSQL is copied with its own tools (pg_dump --format=custom, " +
	"or pg_basebackup with an archive of its log), and the folder of files after it: docs/operations/backup.md says how")

// BackupOrder is what a backup is made like.
type BackupOrder struct {
	File     string // where it goes; nothing is overwritten
	Files    string // the folder of uploaded files; "" for the one in the data folder
	Program  string // the version of this program
	Progress backup.Progress
}

// Backup copies a SQLite installation into one file while others may serve it. That it was made is recorded before
// anything is copied: there is no copy without a record, and the copy holds the record of its own making.
func Backup(ctx context.Context, p Place, o BackupOrder) (m backup.Manifest, err error) {
	if p.Postgres != "" {
		return backup.Manifest{}, ErrPostgresTools
	}
	if err := p.exists(); err != nil {
		return backup.Manifest{}, err
	}
	files, err := p.openFiles(o.Files)
	if err != nil {
		return backup.Manifest{}, err
	}
	defer files.Close()
	if _, err := os.Lstat(o.File); err == nil { // backup.Write looks again; here it spares the record
		return backup.Manifest{}, fmt.Errorf("%s: %w", o.File, backup.ErrTaken)
	}
	source := backup.Source{Database: p.databaseFile(), Files: files, Program: o.Program, Progress: o.Progress}
	err = p.withTool(ctx, func(s *Server) error {
		return s.config.DB.Write(ctx, tenant.Platform, func(tx *store.Tx) error {
			source.ID, source.Time = store.NewID(tx.Now), tx.Now
			return s.Audit.AppendAct(ctx, tx, audit.Act{Op: trail.CLI, Event: "backup.create", Targets: []trail.Ref{{Type: "backup", ID: source.ID}}})
		})
	})
	if err != nil {
		return backup.Manifest{}, err
	}
	return backup.Write(ctx, o.File, source)
}

// openFiles opens the folder of uploaded files. One that is named must be there: by a wrong name all files would be
// missing.
func (p Place) openFiles(dir string) (*blob.Folder, error) {
	if dir == "" {
		return blob.NewFolder(p.FilesFolder())
	}
	if _, err := os.Stat(dir); err != nil {
		return nil, err
	}
	return blob.NewFolder(dir)
}

// filesFolder is where uploaded files lie in the data folder.
const filesFolder = "files"

// FilesFolder is where uploaded files lie unless they were put elsewhere; "" without a data folder.
func (p Place) FilesFolder() string {
	if p.Data == "" {
		return ""
	}
	return filepath.Join(p.Data, filesFolder)
}
