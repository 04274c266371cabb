package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/usher-desk/usher/internal/seal"
	"github.com/usher-desk/usher/internal/store"
)

// Place says where an installation keeps its data.
type Place struct {
	Data          string // the folder of the SQLite database and the master key
	Postgres      string // the application's address, instead of SQLite
	PostgresOwner string // the owner's address, for migrations
	MasterKey     string // the master key's file; by default in the folder
}

// Refusals of a place that cannot be opened.
var (
	// ErrEmpty: nothing has been set up there. Run usher serve, which says how, or usher init.
	ErrEmpty = errors.New("nothing is set up there yet: run usher serve or usher init first, or try usher serve --demo")
	// ErrNoKey: the database is sealed with a master key that is not there. Bring it back.
	ErrNoKey = errors.New("the master key of this database is missing: give its file with --master-key")
	// ErrOtherKey: the key that was given is not the one that the database was sealed with.
	ErrOtherKey = errors.New("this is not the master key of this database")
	// ErrNowhere: neither a folder nor an address was given.
	ErrNowhere = errors.New("say where the data lives: --data DIR or --postgres URL")
)

// Installation is an open place: the database and the key that opens its secrets.
type Installation struct {
	DB     *store.DB
	Master *seal.Key
	place  Place
	hold   *hold
}

// databaseFile is the SQLite database of the folder.
func (p Place) databaseFile() string { return filepath.Join(p.Data, "usher.db") }

// SetUpFile is where the link of the first start lies; "" where there is no folder.
func (i *Installation) SetUpFile() string {
	if i.place.Data == "" {
		return ""
	}
	return filepath.Join(i.place.Data, "first-admin.link")
}

func (p Place) keyFile() string {
	if p.MasterKey != "" || p.Data == "" {
		return p.MasterKey
	}
	return filepath.Join(p.Data, "master.key")
}

// exists returns [ErrEmpty] when there is no database. On PostgreSQL only opening it can tell. A
// folder that may not be read is not an empty one.
func (p Place) exists() error {
	switch _, err := os.Stat(p.databaseFile()); {
	case p.Data == "" && p.Postgres == "":
		return ErrNowhere
	case p.Postgres != "" || err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: %w", p.Data, ErrEmpty)
	default:
		return err
	}
}

// Open opens what is there and makes nothing. Others may serve it.
func (p Place) Open(ctx context.Context) (*Installation, error) {
	if err := p.exists(); err != nil {
		return nil, err
	}
	db, err := p.openDatabase(ctx)
	if err != nil {
		return nil, err
	}
	return p.withKey(ctx, db, &hold{}, p.readKey)
}

func (p Place) openDatabase(ctx context.Context) (*store.DB, error) {
	if p.Postgres != "" {
		return store.OpenPostgres(ctx, p.Postgres)
	}
	return store.OpenSQLite(ctx, p.databaseFile())
}

// Close lets others have the place and closes the database.
func (i *Installation) Close() error {
	return errors.Join(i.hold.release(context.Background()), i.DB.Close())
}
