package blob

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"regexp"
	"strings"
	"time"
)

// Folder keeps blobs as files of a folder: <tenant>/<two letters>/<name>. Nodes that share a database
// share the folder.
type Folder struct {
	root *os.Root // nothing is reached outside it, whatever a name says
}

// Modes: nobody but the user that the program runs as reads what people have sent.
const (
	folderMode = 0o700
	fileMode   = 0o600
)

// NewFolder opens a folder, which it makes if need be.
func NewFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, folderMode); err != nil {
		return nil, fmt.Errorf("making the folder of files: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the folder of files: %w", err)
	}
	return &Folder{root}, nil
}

// Close lets go of the folder.
func (f *Folder) Close() error { return f.root.Close() }

// part ends the name of a file that is being written. A crash leaves it behind.
const part = ".part"

var (
	tenantForm = regexp.MustCompile(`^[a-z0-9-]{1,64}$`)
	nameForm   = regexp.MustCompile(`^[a-z0-9-]{1,64}/[a-z2-7]{2}/[a-z2-7]{26}(\.part)?$`)
)

// newName is 130 random bits. The folders between are 1024 for each tenant, so that none of them grows
// long. They are lower case: some file systems do not tell cases apart.
func newName(tenant string) string {
	id := strings.ToLower(rand.Text())
	return path.Join(tenant, id[:2], id)
}

// Put writes beside the name and moves the file there when it is whole and on the disk.
func (f *Folder) Put(_ context.Context, tenant string, r io.Reader, limit int64) (Blob, error) {
	if !tenantForm.MatchString(tenant) {
		return Blob{}, fmt.Errorf("blob: %q is no tenant", tenant)
	}
	b := Blob{Name: newName(tenant)}
	if err := f.root.MkdirAll(path.Dir(b.Name), folderMode); err != nil {
		return Blob{}, unavailable("making a folder", err)
	}
	err := f.write(&b, r, limit)
	if err == nil {
		err = unavailable("moving a file", f.root.Rename(b.Name+part, b.Name))
	}
	if err == nil {
		err = f.sync(path.Dir(b.Name), tenant, ".") // a name is on the disk when its folder is
	}
	if err != nil {
		_, _ = f.root.Remove(b.Name+part), f.root.Remove(b.Name) // what cannot be removed now, a sweep finds
		return Blob{}, err
	}
	return b, nil
}

// write fills the file beside the name.
func (f *Folder) write(b *Blob, r io.Reader, limit int64) error {
	file, err := f.root.OpenFile(b.Name+part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return unavailable("making a file", err)
	}
	defer file.Close()
	source := &source{r: io.LimitReader(r, limit+1)}
	sum := sha256.New()
	b.Size, err = io.Copy(io.MultiWriter(file, sum), source)
	switch {
	case source.err != nil:
		return source.err
	case err != nil:
		return unavailable("writing a file", err)
	case b.Size > limit:
		return ErrTooLarge
	}
	b.SHA256 = hex.EncodeToString(sum.Sum(nil))
	if err := file.Sync(); err != nil {
		return unavailable("writing a file to the disk", err)
	}
	return unavailable("closing a file", file.Close())
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

// sync sees folders to the disk. One in which nothing has changed costs next to nothing.
func (f *Folder) sync(dirs ...string) error {
	for _, dir := range dirs {
		d, err := f.root.Open(dir)
		if err != nil {
			return unavailable("opening a folder", err)
		}
		if err := errors.Join(d.Sync(), d.Close()); err != nil {
			return unavailable("writing a folder to the disk", err)
		}
	}
	return nil
}

// Open opens the file.
func (f *Folder) Open(_ context.Context, name string) (io.ReadCloser, error) {
	if !nameForm.MatchString(name) || strings.HasSuffix(name, part) {
		return nil, ErrNotFound
	}
	file, err := f.root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, unavailable("opening a file", err)
	}
	return file, nil
}

// Delete removes the file. The folders stay.
func (f *Folder) Delete(_ context.Context, name string) error {
	if !nameForm.MatchString(name) {
		return nil
	}
	if err := f.root.Remove(name); !errors.Is(err, fs.ErrNotExist) {
		return unavailable("removing a file", err)
	}
	return nil
}

// Older goes by the time of the last change, in the order of the names. What is not of this package is
// passed over.
func (f *Folder) Older(ctx context.Context, tenant string, before time.Time) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if !tenantForm.MatchString(tenant) {
			return
		}
		err := fs.WalkDir(f.root.FS(), tenant, func(name string, d fs.DirEntry, err error) error {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil || d.IsDir() || !nameForm.MatchString(name) {
				return gone(err)
			}
			info, err := d.Info()
			if err == nil && info.ModTime().Before(before) && !yield(name, nil) {
				return fs.SkipAll
			}
			return gone(err)
		})
		if err != nil {
			yield("", unavailable("listing files", err))
		}
	}
}

// gone passes over what somebody else has removed meanwhile, or never was.
func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func unavailable(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %s: %w", ErrUnavailable, what, err)
}
