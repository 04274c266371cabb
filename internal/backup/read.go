package backup

import (
	"archive/tar"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/usher-desk/usher/internal/store"
)

// Check reads a backup to its end and returns what it holds; [ErrDamaged] or [ErrUnusable] when it does not hold that.
// It needs as much room for temporary files as the database takes.
func Check(ctx context.Context, file string, progress Progress) (m Manifest, err error) {
	dir, err := os.MkdirTemp("", "usher-check-")
	if err != nil {
		return Manifest{}, err
	}
	defer os.RemoveAll(dir)
	return read(ctx, file, dir, false, progress)
}

// Unpack is Check that leaves the database, as usher.db, and the folder files in dir, which must be empty. All of it is
// on the disk when Unpack returns.
func Unpack(ctx context.Context, file, dir string, progress Progress) (m Manifest, err error) {
	if err := os.Mkdir(filepath.Join(dir, filesPart), 0o700); err != nil {
		return Manifest{}, err
	}
	return read(ctx, file, dir, true, progress)
}

func read(ctx context.Context, file, dir string, keep bool, progress Progress) (Manifest, error) {
	f, err := os.Open(file)
	if err != nil {
		return Manifest{}, fmt.Errorf("%w: %w", ErrUnusable, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Manifest{}, err
	}
	if !info.Mode().IsRegular() {
		return Manifest{}, fmt.Errorf("%w: %s is not a file", ErrUnusable, file)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return Manifest{}, err
	}
	defer root.Close()
	counted := &counted{r: f, ctx: ctx, total: info.Size(), progress: progress}
	r := &reader{tar: tar.NewReader(counted), dir: dir, root: root, keep: keep, lost: []string{}}
	err = r.read(ctx)
	if counted.err != nil { // the disk or an interruption, and not the backup
		err = counted.err
	}
	return r.m, err
}

// reader reads the parts one after the other.
type reader struct {
	tar  *tar.Reader
	dir  string   // where the parts go
	root *os.Root // the same: no name of a part reaches outside it
	keep bool     // the files, too

	found Manifest // what was read
	m     Manifest // what should have been
	lost  []string
}

func (r *reader) read(ctx context.Context) error {
	if err := r.format(); err != nil {
		return err
	}
	if err := r.database(); err != nil {
		return err
	}
	db, err := store.OpenCopy(filepath.Join(r.dir, databasePart))
	if err != nil {
		return err
	}
	defer db.Close()
	if err := r.describe(ctx, db); err != nil {
		return err
	}
	if err := r.files(ctx, db); err != nil {
		return err
	}
	return r.compare()
}

// counted reads the file, until the context ends.
type counted struct {
	r           io.Reader
	ctx         context.Context
	err         error
	done, total int64
	progress    Progress
}

func (c *counted) Read(p []byte) (int, error) {
	if c.err = c.ctx.Err(); c.err != nil {
		return 0, c.err
	}
	n, err := c.r.Read(p)
	if err != nil && err != io.EOF {
		c.err = err
	}
	c.done += int64(n)
	if c.progress != nil {
		c.progress(c.done, c.total)
	}
	return n, err
}
