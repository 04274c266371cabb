// Package backup keeps a SQLite installation in one file: the database as it stood at one moment, and what people had
// uploaded until then. The master key is never in it.
//
// The file is a tar archive whose parts come in this order:
//
//	usher-backup       the version of this format, 1
//	usher.db           the database, without a log beside it
//	files/…            the bytes of each file that the database knows, in the order of tenant and name
//	manifest.json      a [Manifest]
//	manifest.sha256    the hash of the manifest, as sha256sum writes it
//
// The manifest holds the hash of the database, and the database those of the files, so that nothing in it can change
// without being noticed. Whoever can write the file can make all of them anew: it proves that the backup is whole, and
// not who made it.
package backup

import (
	"errors"
	"fmt"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// What is wrong with a backup.
var (
	// ErrDamaged: it was a backup and is not whole any more. The error says where.
	ErrDamaged = errors.New("the backup is damaged")
	// ErrUnusable: it is no backup, or one that this program cannot read.
	ErrUnusable = errors.New("this is no backup that can be used")
	// ErrTaken: there is a file of this name already.
	ErrTaken = errors.New("there is a file of this name already, and none is overwritten")
)

// The names of the parts.
const (
	formatPart   = "usher-backup"
	databasePart = "usher.db"
	filesPart    = "files/"
	manifestPart = "manifest.json"
	sumPart      = "manifest.sha256"
)

// format is the version of the format that this program writes and reads.
const format = "1\n"

// Manifest says what a backup holds.
type Manifest struct {
	ID       string        `json:"id"`
	Time     time.Time     `json:"time"`    // when the database stood so, or a moment before
	Program  string        `json:"program"` // the version that made it
	Schema   int64         `json:"schema"`  // number of the last migration
	Database Part          `json:"database"`
	Trails   []store.Trail `json:"trails"` // one for each tenant
	Files    int           `json:"files"`
	Lost     []string      `json:"lost"` // files that messages carry and that had no bytes, or others, when the backup was made
}

// Part is one part of the archive.
type Part struct {
	Size   int64  `json:"size"` // bytes
	SHA256 string `json:"sha256"`
}

// Tenants is how many there are, the platform aside.
func (m Manifest) Tenants() int { return len(m.Trails) - 1 }

// Progress hears how many bytes of about how many are done.
type Progress func(done, total int64)

// damaged says where a backup is not whole.
func damaged(place, what string, args ...any) error {
	return fmt.Errorf("%w: %s: %s", ErrDamaged, place, fmt.Sprintf(what, args...))
}
