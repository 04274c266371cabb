// Package accesstest puts the questions of a world to a database: the world's policy is stored as
// every tenant's is and asked through the policy that the database gives back, its objects stand in
// tables, and filters are WHERE clauses. What a world says of package access is thereby shown of the
// whole way down.
package accesstest

import (
	"context"
	"errors"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/access/world"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
)

// Store is a [world.Answerer] on a throwaway database, whose clock stands at the world's instant.
type Store struct {
	db        *store.DB
	throwaway *store.Throwaway
	catalogue *access.Catalogue
	book      access.Book // the policies as the database gave them back
}

// OpenSQLite loads the world into a file of its own.
func OpenSQLite(ctx context.Context, w *world.World) (*Store, error) {
	db, err := store.ThrowawaySQLite(ctx, tables)
	if err != nil {
		return nil, err
	}
	return open(ctx, db, w)
}

// databasePrefix begins the names of the databases and roles that are made on a PostgreSQL server.
const databasePrefix = "usher_access_test_"

// OpenPostgres loads the world into a database of its own on the server at url; see
// [store.ThrowawayPostgres] for what its role must be allowed to do.
func OpenPostgres(ctx context.Context, url string, w *world.World) (*Store, error) {
	db, err := store.ThrowawayPostgres(ctx, url, databasePrefix, postgresTables())
	if err != nil {
		return nil, err
	}
	return open(ctx, db, w)
}

func open(ctx context.Context, db *store.Throwaway, w *world.World) (*Store, error) {
	s := &Store{db: db.WithClock(clockAt(w.Now)), throwaway: db, catalogue: w.Catalogue}
	if err := s.fill(ctx, w); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close removes the database. It does so also when the context of the questions has been cancelled.
func (s *Store) Close() error { return s.throwaway.Remove() }

func (s *Store) fill(ctx context.Context, w *world.World) error {
	if err := load(ctx, s.db, w.Tenants); err != nil {
		return err
	}
	for _, t := range w.Tenants {
		err := s.db.Read(ctx, t.ID, func(tx *store.Tx) error {
			snapshot, err := s.stored(ctx, tx)
			if err == nil {
				s.book.Put(snapshot)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// stored is the tenant's policy as the transaction sees it. The world's own catalogue bounds what is
// asked, the built-in one what is granted.
func (s *Store) stored(ctx context.Context, tx *store.Tx) (*access.Snapshot, error) {
	c, err := policy.Load(ctx, tx)
	if err != nil {
		return nil, err
	}
	return access.Compile(s.catalogue, c.Tenant())
}
