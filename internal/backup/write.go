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
	"os"
	"path/filepath"
	"time"

	"github.com/usher-desk/usher/internal/blob"
	"github.com/usher-desk/usher/internal/durable"
	"github.com/usher-desk/usher/internal/store"
)

// Source is what a backup is made of.
type Source struct {
	Database string // the file of the database; it may be in use
	Files    blob.Store
	ID       string    // of the backup
	Time     time.Time // when it was begun
	Program  string    // version
	Progress Progress  // or nil
}

// Write makes a backup at path, which only its owner can read. It is written under another name, which it keeps when
// it is cut short, and has its own only when it is whole and on the disk. The errors are [ErrTaken] and those of the
// database and the disk.
//
// The database comes first: the bytes that its rows name are there already, and stay for a day after their rows have gone.
func Write(ctx context.Context, path string, from Source) (m Manifest, err error) {
	if err := free(path); err != nil {
		return Manifest{}, err
	}
	f, err := os.OpenFile(path+".new", os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return Manifest{}, fmt.Errorf("%s.new is there: another backup is being written, or was interrupted; delete it when none is", path)
	}
	if err != nil {
		return Manifest{}, err
	}
	defer os.Remove(f.Name()) // in vain when it has its own name
	w := &writer{source: from, tar: tar.NewWriter(f), m: Manifest{ID: from.ID, Time: from.Time, Program: from.Program, Lost: []string{}}}
	if err := errors.Join(w.write(ctx, path+".db.new"), f.Sync(), f.Close()); err != nil {
		return Manifest{}, err
	}
	if err := free(path); err != nil {
		return Manifest{}, err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return Manifest{}, err
	}
	return w.m, durable.Sync(filepath.Dir(path))
}

func free(path string) error {
	_, err := os.Lstat(path)
	switch {
	case err == nil:
		return fmt.Errorf("%s: %w", path, ErrTaken)
	case errors.Is(err, fs.ErrNotExist):
		return nil
	}
	return err
}

// writer writes the parts one after the other.
type writer struct {
	source      Source
	tar         *tar.Writer
	m           Manifest
	done, total int64
}

// write takes room for the database at the given path, for as long as it needs it.
func (w *writer) write(ctx context.Context, snapshot string) error {
	if err := os.Remove(snapshot); err != nil && !errors.Is(err, fs.ErrNotExist) { // an interrupted backup left it
		return err
	}
	defer os.Remove(snapshot)
	if err := store.SnapshotSQLite(ctx, w.source.Database, snapshot); err != nil {
		return err
	}
	db, err := store.OpenCopy(snapshot)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := w.describe(ctx, db); err != nil {
		return err
	}
	if err := w.text(formatPart, []byte(format)); err != nil {
		return err
	}
	if err := w.database(snapshot); err != nil {
		return err
	}
	for file, err := range db.Files(ctx) {
		if err == nil {
			err = w.file(ctx, file)
		}
		if err != nil {
			return err
		}
	}
	return w.manifest()
}

// describe notes what the database holds.
func (w *writer) describe(ctx context.Context, db *store.Copy) (err error) {
	if w.m.Schema, err = db.Schema(ctx); err != nil {
		return err
	}
	if w.total, err = db.FileBytes(ctx); err != nil {
		return err
	}
	w.m.Trails, err = db.Trails(ctx)
	return err
}

func (w *writer) database(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	w.total += info.Size()
	if err := w.header(databasePart, info.Size()); err != nil {
		return err
	}
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(w, sum), f); err != nil {
		return err
	}
	w.m.Database = Part{info.Size(), hex.EncodeToString(sum.Sum(nil))}
	return nil
}

// file adds the bytes of a file when they are what its row says. What no message carries may be swept away at any
// time and is passed over.
func (w *writer) file(ctx context.Context, row store.File) error {
	content, err := w.bytes(ctx, row)
	if err != nil {
		return err
	}
	if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != row.SHA256 {
		if row.Carried {
			w.m.Lost = append(w.m.Lost, row.Blob)
		}
		return nil
	}
	w.m.Files++
	return w.text(filesPart+row.Blob, content)
}

// bytes reads a file, which is small, whole. Of one that is not there it has none.
func (w *writer) bytes(ctx context.Context, row store.File) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r, err := w.source.Files.Open(ctx, row.Blob)
	if errors.Is(err, blob.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, row.Size+1))
}

// manifest ends the archive.
func (w *writer) manifest() error {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(w.m); err != nil {
		return err
	}
	if err := w.text(manifestPart, text.Bytes()); err != nil {
		return err
	}
	if err := w.text(sumPart, sumLine(text.Bytes())); err != nil {
		return err
	}
	return w.tar.Close()
}

// sumLine is what sha256sum -c reads.
func sumLine(manifest []byte) []byte {
	sum := sha256.Sum256(manifest)
	return fmt.Appendf(nil, "%x  %s\n", sum, manifestPart)
}

func (w *writer) text(name string, content []byte) error {
	if err := w.header(name, int64(len(content))); err != nil {
		return err
	}
	_, err := w.Write(content)
	return err
}

func (w *writer) header(name string, size int64) error {
	return w.tar.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o600, ModTime: w.m.Time.Truncate(time.Second)})
}

// Write writes to the present part.
func (w *writer) Write(p []byte) (int, error) {
	n, err := w.tar.Write(p)
	w.done += int64(n)
	if w.source.Progress != nil {
		w.source.Progress(w.done, w.total)
	}
	return n, err
}
