package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/usher-desk/usher/internal/backup"
	"github.com/usher-desk/usher/internal/durable"
	"github.com/usher-desk/usher/internal/store"
)

// RestoreOrder is what a backup is restored like.
type RestoreOrder struct {
	File     string // the backup
	Reason   string // why, for the trails; it may be empty
	Progress backup.Progress
}

// Restored says what a restore has done.
type Restored struct {
	Backup  backup.Manifest
	Tenants int
}

// ErrNotEmpty: something lies where a backup is to be restored to.
var ErrNotEmpty = errors.New("a backup is restored into an empty folder, or one with nothing but the master key in it")

// Restore makes an installation from a backup, in a folder that holds at most its master key. The backup is checked as a
// whole, and the key tried, before anything is in its place. Everything is done in a folder of its own inside, which
// usher serve does not look at; the last step gives the database its name. A restore that was killed before leaves that
// folder, and can be begun again.
func Restore(ctx context.Context, p Place, o RestoreOrder) (done Restored, err error) {
	r, err := beginRestore(p, o)
	if err != nil {
		return Restored{}, err
	}
	defer func() { err = errors.Join(err, r.end()) }()
	for _, step := range r.steps() {
		if err := step(ctx); err != nil {
			return Restored{}, err
		}
	}
	return r.done, nil
}

type restore struct {
	place  Place // where the installation is to stand
	staged Place // where it is made ready
	order  RestoreOrder
	lock   *store.FileLock
	done   Restored
}

// restoreFolder is where everything is made ready.
const restoreFolder = "restore.new"

// beginRestore takes the folder, which nobody may be serving, and throws away what a killed restore has left in it.
func beginRestore(p Place, o RestoreOrder) (*restore, error) {
	switch {
	case p.Postgres != "":
		return nil, ErrPostgresTools
	case p.Data == "":
		return nil, ErrNowhere
	}
	if err := p.empty(); err != nil { // before a lock is left in somebody's folder
		return nil, err
	}
	lock, err := p.lock()
	if err != nil {
		return nil, err
	}
	r := &restore{
		place: p, order: o, lock: lock,
		staged: Place{Data: filepath.Join(p.Data, restoreFolder), MasterKey: p.keyFile()},
	}
	if err := errors.Join(p.empty(), os.RemoveAll(r.staged.Data)); err != nil {
		return nil, errors.Join(err, lock.Release())
	}
	return r, nil
}

// empty returns [ErrNotEmpty] when there is anything but the key, the lock, and what the file system or a killed
// restore has put there.
func (p Place) empty() error {
	entries, err := os.ReadDir(p.Data)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !slices.Contains([]string{"master.key", "usher.lock", restoreFolder, "lost+found"}, e.Name()) {
			return fmt.Errorf("%s holds %s: %w", p.Data, e.Name(), ErrNotEmpty)
		}
	}
	return nil
}

// steps are what is done one after the other.
func (r *restore) steps() []func(context.Context) error {
	return []func(context.Context) error{r.unpack, r.revive, r.putInPlace}
}

func (r *restore) unpack(ctx context.Context) (err error) {
	if err := os.Mkdir(r.staged.Data, 0o700); err != nil {
		return err
	}
	r.done.Backup, err = backup.Unpack(ctx, r.order.File, r.staged.Data, r.order.Progress)
	return err
}

// revive brings the database to this program's schema, tries the key, and ends what has to end.
func (r *restore) revive(ctx context.Context) (err error) {
	installation, err := r.staged.Alone(ctx, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, installation.Close()) }()
	done, err := installation.restored(ctx, history{backup: r.done.Backup.ID, reason: r.order.Reason})
	r.done.Tenants = done.Tenants
	return err
}

// putInPlace moves the files first: a folder without a database is none that anybody serves.
func (r *restore) putInPlace(context.Context) error {
	if _, err := os.Stat(r.staged.databaseFile() + "-wal"); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(errors.New("the database was not closed, and part of it would be left behind"), err)
	}
	if err := syncTree(r.staged.Data); err != nil {
		return err
	}
	for _, name := range []string{filesFolder, filepath.Base(r.place.databaseFile())} {
		if err := os.Rename(filepath.Join(r.staged.Data, name), filepath.Join(r.place.Data, name)); err != nil {
			return err
		}
		if err := durable.Sync(r.place.Data); err != nil {
			return err
		}
	}
	return nil
}

// end throws away what is not needed, or was not finished, and lets others have the folder.
func (r *restore) end() error {
	return errors.Join(os.RemoveAll(r.staged.Data), r.lock.Release())
}

// syncTree sees files and folders to the disk. The bytes of files are there already.
func syncTree(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && (d.IsDir() || filepath.Dir(path) == dir) {
			err = durable.Sync(path)
		}
		return err
	})
}
