package server

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/usher-desk/usher/internal/seal"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/trail"
)

// hold is what a process has on a database while it works with it: on SQLite a lock on the folder, which one
// process has at a time; on PostgreSQL the lease of a node, of which there may be many, or of the one that has the
// database alone. Both are nil for whoever only adds a row.
type hold struct {
	file  *store.FileLock
	lease *store.Lease
}

// Serve opens the place for a node of this name; see [store.DB.Join] for who is refused. On SQLite one process
// serves, [store.ErrServed] when another does. With setUp an empty place is made ready first. Pending migrations run
// when they can: on SQLite under the lock, on PostgreSQL when the owner's address is given and nobody else serves.
func (p Place) Serve(ctx context.Context, node string, setUp bool) (*Installation, error) {
	by := migrator{trail.Job, node}
	return p.openHeld(ctx, setUp, by, func(db *store.DB) (*store.Lease, error) { return db.Join(ctx, node) })
}

// Alone opens the place for work that nobody may be serving it during; [store.ErrServed] when somebody does. It
// migrates and sets up like [Place.Serve].
func (p Place) Alone(ctx context.Context, setUp bool) (*Installation, error) {
	return p.openHeld(ctx, setUp, commandLine, func(db *store.DB) (*store.Lease, error) { return db.Alone(ctx) })
}

func (p Place) openHeld(ctx context.Context, setUp bool, by migrator, take func(*store.DB) (*store.Lease, error)) (*Installation, error) {
	if err := p.exists(); err != nil && !(setUp && errors.Is(err, ErrEmpty)) {
		return nil, err
	}
	if p.Postgres == "" {
		return p.locked(ctx, setUp, by)
	}
	return p.leased(ctx, setUp, by, take)
}

func (p Place) locked(ctx context.Context, setUp bool, by migrator) (*Installation, error) {
	file, err := p.lock()
	if err != nil {
		return nil, err
	}
	held := &hold{file: file}
	db, err := p.openMigrated(ctx, by)
	if err != nil {
		return nil, errors.Join(err, held.release(ctx))
	}
	return p.withKey(ctx, db, held, p.keyFor(setUp))
}

// lock takes the lock on the folder, which it makes if need be.
func (p Place) lock() (*store.FileLock, error) {
	if err := os.MkdirAll(p.Data, 0o700); err != nil {
		return nil, err
	}
	return store.LockFile(filepath.Join(p.Data, "usher.lock"))
}

// leased reads the master key under the lease: before it, somebody may be sealing everything with another.
func (p Place) leased(ctx context.Context, setUp bool, by migrator, take func(*store.DB) (*store.Lease, error)) (*Installation, error) {
	open := p.openDatabase
	if p.PostgresOwner != "" {
		open = func(ctx context.Context) (*store.DB, error) { return p.openMigrated(ctx, by) }
	}
	db, err := open(ctx)
	if err != nil {
		return nil, err
	}
	lease, err := take(db)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return p.withKey(ctx, db, &hold{lease: lease}, p.keyFor(setUp))
}

type keyReader func(context.Context, *store.DB) (*seal.Key, error)

func (p Place) keyFor(setUp bool) keyReader {
	if setUp {
		return p.readOrMakeKey
	}
	return p.readKey
}

// withKey reads the master key; without it everything is let go of.
func (p Place) withKey(ctx context.Context, db *store.DB, held *hold, key keyReader) (*Installation, error) {
	i := &Installation{DB: db, place: p, hold: held}
	var err error
	if i.Master, err = key(ctx, db); err != nil {
		return nil, errors.Join(err, i.Close())
	}
	return i, nil
}

// Lost is closed when somebody has taken this node for dead; nil, which never closes, where that cannot happen.
func (i *Installation) Lost() <-chan struct{} {
	if i.hold.lease == nil {
		return nil
	}
	return i.hold.lease.Lost()
}

// Only returns nil when no other node lives, and [store.ErrServed] when one does.
func (i *Installation) Only(ctx context.Context) error {
	if i.hold.lease == nil {
		return nil
	}
	return i.hold.lease.Only(ctx)
}

func (h *hold) release(ctx context.Context) error {
	switch {
	case h.lease != nil:
		return h.lease.Release(context.WithoutCancel(ctx))
	case h.file != nil:
		return h.file.Release()
	}
	return nil
}
