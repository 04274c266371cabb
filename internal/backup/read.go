package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

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

// format reads the first part. What does not begin like a backup is none.
func (r *reader) format() error {
	header, err := r.tar.Next()
	if err != nil || header.Name != formatPart {
		return fmt.Errorf("%w: it does not begin like one", ErrUnusable)
	}
	text, err := io.ReadAll(io.LimitReader(r.tar, 64))
	if err != nil {
		return damaged(formatPart, "%v", err)
	}
	if string(text) != format {
		return fmt.Errorf("%w: its format is %.16q, and this program knows %q; take the program that made it, or a newer one", ErrUnusable, text, format)
	}
	return nil
}

// next is the name of the next part. All must be there: also the end is a part.
func (r *reader) next(after string) (*tar.Header, error) {
	header, err := r.tar.Next()
	if err != nil {
		return nil, damaged("after "+after, "%v", err)
	}
	return header, nil
}

func (r *reader) database() error {
	header, err := r.next(formatPart)
	if err != nil {
		return err
	}
	if header.Name != databasePart {
		return damaged(header.Name, "stands where %s should", databasePart)
	}
	r.found.Database, err = r.unpack(databasePart)
	return err
}

// unpack writes the present part to a new file.
func (r *reader) unpack(name string) (Part, error) {
	f, err := r.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return Part{}, err
	}
	defer f.Close()
	part, err := r.sum(name, f)
	if err != nil {
		return Part{}, err
	}
	return part, errors.Join(f.Sync(), f.Close())
}

// sum copies the present part and says what it was.
func (r *reader) sum(name string, to io.Writer) (Part, error) {
	sum := sha256.New()
	source := &source{r: r.tar}
	n, err := io.Copy(io.MultiWriter(to, sum), source)
	if source.err != nil {
		err = damaged(name, "%v", source.err)
	}
	return Part{n, hex.EncodeToString(sum.Sum(nil))}, err
}

// describe looks at the database as a whole.
func (r *reader) describe(ctx context.Context, db *store.Copy) (err error) {
	r.found.Schema, err = db.Schema(ctx)
	switch {
	case errors.Is(err, store.ErrNewerSchema):
		return fmt.Errorf("%w: %w", ErrUnusable, err)
	case err != nil:
		return damaged(databasePart, "%v", err)
	case r.found.Schema == 0:
		return damaged(databasePart, "it is no database of usher")
	}
	if err := db.Sound(ctx); err != nil {
		return damaged(databasePart, "%v", err)
	}
	if r.found.Trails, err = db.Trails(ctx); err != nil {
		return damaged(databasePart, "%v", err)
	}
	return nil
}

// files reads what follows the database: the files in the order of their rows, and the manifest.
func (r *reader) files(ctx context.Context, db *store.Copy) error {
	rows, stop := iter.Pull2(db.Files(ctx))
	defer stop()
	for last := databasePart; ; {
		header, err := r.next(last)
		if err != nil {
			return err
		}
		last = header.Name
		name, isFile := strings.CutPrefix(last, filesPart)
		if !isFile {
			if err := r.passOver(rows, ""); err != nil {
				return err
			}
			return r.manifest(header)
		}
		if err := r.passOver(rows, name); err != nil {
			return err
		}
		r.found.Files++
	}
}

// passOver goes on to the row of a file, which it then reads, or to the last row. Rows before it have no bytes.
func (r *reader) passOver(rows func() (store.File, error, bool), name string) error {
	for {
		row, err, more := rows()
		switch {
		case err != nil:
			return damaged(databasePart, "%v", err)
		case !more && name == "":
			return nil
		case !more:
			return damaged(filesPart+name, "no row of the database knows it, or it stands in the wrong place")
		case row.Blob == name:
			return r.file(row)
		case row.Carried:
			r.lost = append(r.lost, row.Blob)
		}
	}
}

func (r *reader) file(row store.File) error {
	name := filesPart + row.Blob
	part, err := r.oneFile(name)
	if err == nil && (part.Size != row.Size || part.SHA256 != row.SHA256) {
		err = damaged(name, "its bytes are not those that the database knows")
	}
	return err
}

func (r *reader) oneFile(name string) (Part, error) {
	if !r.keep {
		return r.sum(name, io.Discard)
	}
	if !fs.ValidPath(name) {
		return Part{}, damaged(name, "this is no name of a file")
	}
	if err := r.root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return Part{}, err
	}
	return r.unpack(name)
}

// maxManifest bounds the manifest, in bytes. It grows with the number of tenants.
const maxManifest = 64 << 20

// manifest reads what the backup should hold.
func (r *reader) manifest(header *tar.Header) error {
	if header.Name != manifestPart {
		return damaged(header.Name, "stands where files or %s should", manifestPart)
	}
	text, err := io.ReadAll(io.LimitReader(r.tar, maxManifest))
	if err != nil {
		return damaged(manifestPart, "%v", err)
	}
	if header, err = r.next(manifestPart); err != nil {
		return err
	}
	sum, err := io.ReadAll(io.LimitReader(r.tar, 256))
	if err != nil || header.Name != sumPart {
		return damaged(header.Name, "stands where %s should, or is cut short", sumPart)
	}
	if !bytes.Equal(sum, sumLine(text)) {
		return damaged(manifestPart, "it is not what %s says", sumPart)
	}
	if err := json.Unmarshal(text, &r.m); err != nil {
		return damaged(manifestPart, "%v", err)
	}
	if _, err := r.tar.Next(); err != io.EOF {
		return damaged(sumPart, "something follows that should be the last")
	}
	return nil
}

// compare holds what was read against the manifest.
func (r *reader) compare() error {
	switch {
	case r.found.Database != r.m.Database:
		return damaged(databasePart, "its bytes are not those that the manifest knows")
	case r.found.Schema != r.m.Schema:
		return damaged(databasePart, "its schema is %d, and in the manifest %d", r.found.Schema, r.m.Schema)
	case !slices.Equal(r.found.Trails, r.m.Trails):
		return damaged(databasePart, "its trails are not those of the manifest")
	case !slices.Equal(r.lost, r.m.Lost):
		return damaged(filesPart, "%d files that messages carry have no bytes, and in the manifest %d", len(r.lost), len(r.m.Lost))
	case r.found.Files != r.m.Files:
		return damaged(filesPart, "there are %d, and in the manifest %d", r.found.Files, r.m.Files)
	}
	return nil
}

// source remembers what went wrong with reading, so that it is not taken for a full disk.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
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
