package backup

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"io"
	"slices"
)

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
