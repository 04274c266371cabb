// Package store keeps everything Usher knows, on SQLite or on PostgreSQL, and is the only place
// that holds a connection to either.
//
// Data belongs to tenants, and four walls keep them apart. The type: [DB.Read] and [DB.Write] hand
// out a [Tx] bound to one tenant, and nothing else runs a query on tenant tables; work across
// tenants goes through [DB.Across] and must be on a closed list. The text: every statement is
// checked before it runs and refused when it names a tenant table without the tenant's condition.
// The schema: keys begin with tenant_id, so a reference across tenants cannot be stored. The
// database: on PostgreSQL row level security, forced upon the owner too.
//
// One SQL text serves both databases, with $1 … $n; in a [Tx] the transaction itself supplies $1,
// the tenant. Times are integer microseconds, ids are text, JSON is text.
package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// DB is an open database. It is safe for concurrent use.
type DB struct {
	engine    engine
	wall      *wall
	clock     func() time.Time
	leaseTime time.Duration              // [leaseTime], but in tests
	good      *atomic.Pointer[time.Time] // until when this node may work; nil inside for a process without a lease
}

// engine is what the two databases do differently.
type engine interface {
	// begin opens a transaction whose tenant is set, on PostgreSQL in the same round trip.
	begin(ctx context.Context, mode mode, tenant string) (conn, error)
	tables(ctx context.Context) (tenant, global []string, err error)
	dialect() Dialect
	ping(ctx context.Context) error
	close() error
}

// conn is one open transaction of an engine.
type conn interface {
	exec(ctx context.Context, query string, args []any) (int64, error)
	// later runs a statement before the next one or, at the latest, in flush, where its failure is found.
	later(ctx context.Context, query string, args []any) error
	flush(ctx context.Context) error
	query(ctx context.Context, query string, args []any) (cursor, error)
	setTenant(ctx context.Context, tenant string) error
	// many prepares for a transaction that writes many rows.
	many(ctx context.Context) error
	commit(ctx context.Context) error
	rollback()
}

type mode int

const (
	reading mode = iota
	writing
)

// Dialect tells the two databases apart where one SQL text cannot serve both.
type Dialect int

// The two databases.
const (
	SQLite Dialect = iota
	PostgreSQL
)

// String names the dialect as the migrations folder does.
func (d Dialect) String() string {
	if d == PostgreSQL {
		return "postgres"
	}
	return "sqlite"
}

// open readies an engine whose schema must already be the one this program knows.
func open(ctx context.Context, e engine) (*DB, error) {
	if err := checkVersion(ctx, e); err != nil {
		return nil, err
	}
	return openAnyVersion(ctx, e)
}

// openAnyVersion is open for whoever needs no table but those of the first migration.
func openAnyVersion(ctx context.Context, e engine) (*DB, error) {
	tenant, global, err := e.tables(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the list of tables: %w", err)
	}
	return &DB{
		engine: e, wall: newWall(tenant, global), clock: time.Now,
		leaseTime: leaseTime, good: new(atomic.Pointer[time.Time]),
	}, nil
}

// WithClock returns a DB on the same connections whose transactions take their time from clock.
func (db *DB) WithClock(clock func() time.Time) *DB {
	other := *db
	other.clock = clock
	return &other
}

// Now is the time a transaction beginning at this moment would carry.
func (db *DB) Now() time.Time {
	return db.clock().UTC().Truncate(time.Microsecond)
}

// Dialect says which database this is.
func (db *DB) Dialect() Dialect { return db.engine.dialect() }

// Ping reports whether the database answers and this node may work with it.
func (db *DB) Ping(ctx context.Context) error {
	if err := db.suspended(); err != nil {
		return err
	}
	return db.engine.ping(ctx)
}

// Close ends every connection. Transactions still open fail.
func (db *DB) Close() error { return db.engine.close() }

// What bounds the repetition of a transaction that the database asks for.
const (
	attempts = 8
	// patience ends it sooner: when SQLite says that it is busy it has waited for five seconds already.
	patience = 4 * time.Second
)

// again runs f until it succeeds, fails for good, or the database has asked for a repetition too
// often. The pause grows and is random, so that two transactions in each other's way part.
func again(ctx context.Context, f func() error) error {
	began := time.Now()
	for n := 1; ; n++ {
		err := f()
		if err == nil || !retryable(err) || n == attempts || time.Since(began) > patience {
			return translate(err)
		}
		pause := time.Duration(rand.Int64N(int64(time.Millisecond) << n))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}
