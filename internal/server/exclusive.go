package server

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/usher-desk/usher/internal/store"
)

// Exclusive is the right to serve a database, which one process has at a time: a lock on the folder,
// or a lease row on PostgreSQL.
type Exclusive struct {
	file  *store.FileLock
	lease *store.Lease
}

// OpenExclusively opens the place for the one process that may serve it; [store.ErrServed] when
// another does. With setUp an empty place is made ready first. Pending migrations run when they can:
// on SQLite under the lock, on PostgreSQL when the owner's address is given.
func (p Place) OpenExclusively(ctx context.Context, setUp bool) (*Installation, *Exclusive, error) {
	if err := p.exists(); err != nil && !(setUp && errors.Is(err, ErrEmpty)) {
		return nil, nil, err
	}
	if p.Postgres != "" {
		return p.leased(ctx, setUp)
	}
	return p.locked(ctx, setUp)
}

func (p Place) locked(ctx context.Context, setUp bool) (*Installation, *Exclusive, error) {
	file, err := p.lock()
	if err != nil {
		return nil, nil, err
	}
	installation, err := p.ready(ctx, setUp, true)
	if err != nil {
		return nil, nil, errors.Join(err, file.Release())
	}
	return installation, &Exclusive{file: file}, nil
}

// lock takes the lock on the folder, which it makes if need be.
func (p Place) lock() (*store.FileLock, error) {
	if err := os.MkdirAll(p.Data, 0o700); err != nil {
		return nil, err
	}
	return store.LockFile(filepath.Join(p.Data, "usher.lock"))
}

func (p Place) leased(ctx context.Context, setUp bool) (*Installation, *Exclusive, error) {
	installation, err := p.ready(ctx, setUp, p.PostgresOwner != "")
	if err != nil {
		return nil, nil, err
	}
	lease, err := installation.DB.TakeLease(ctx, "serve")
	if err != nil {
		return nil, nil, errors.Join(err, installation.Close())
	}
	return installation, &Exclusive{lease: lease}, nil
}

// ready migrates where it may, and opens.
func (p Place) ready(ctx context.Context, setUp, migrate bool) (*Installation, error) {
	if migrate {
		if _, _, err := p.Migrate(ctx); err != nil {
			return nil, err
		}
	}
	if setUp {
		return p.open(ctx, p.readOrMakeKey)
	}
	return p.Open(ctx)
}

// Lost is closed when the right was lost; nil, which never closes, where that cannot happen.
func (e *Exclusive) Lost() <-chan struct{} {
	if e.lease == nil {
		return nil
	}
	return e.lease.Lost()
}

// Release gives the right up.
func (e *Exclusive) Release(ctx context.Context) error {
	if e.lease != nil {
		return e.lease.Release(ctx)
	}
	return e.file.Release()
}
