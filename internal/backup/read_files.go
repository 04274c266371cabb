package backup

import (
	"context"
	"io"
	"io/fs"
	"iter"
	"path"
	"strings"

	"github.com/usher-desk/usher/internal/store"
)

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
