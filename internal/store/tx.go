package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Tx is a transaction bound to one tenant. It belongs to one goroutine and must not be kept after
// the function it was handed to returns.
type Tx struct {
	// Now is the transaction's single timestamp, in UTC with microseconds.
	Now time.Time

	tenant  string
	conn    conn
	wall    *wall
	dialect Dialect
	after   *[]func()
}

// Read runs f in a transaction that sees one consistent state and can change nothing.
func (db *DB) Read(ctx context.Context, tenant string, f func(*Tx) error) error {
	return db.run(ctx, reading, tenant, f)
}

// Write runs f in a transaction and commits it when f returns nil. When the database asks for a
// repetition (a serialization failure, a deadlock), f runs again from the start: it must not
// change anything outside the transaction except through [Tx.AfterCommit].
func (db *DB) Write(ctx context.Context, tenant string, f func(*Tx) error) error {
	return db.run(ctx, writing, tenant, f)
}

func (db *DB) run(ctx context.Context, m mode, tenant string, f func(*Tx) error) error {
	if tenant == "" || tenant == everyTenant {
		return errors.New("store: a transaction needs one tenant")
	}
	return again(ctx, func() error {
		return db.once(ctx, m, tenant, func(c conn, after *[]func()) error {
			return f(&Tx{Now: db.Now(), tenant: tenant, conn: c, wall: db.wall, dialect: db.Dialect(), after: after})
		})
	})
}

// once begins, runs and ends one transaction, and calls what was registered when it committed.
func (db *DB) once(ctx context.Context, m mode, tenant string, f func(conn, *[]func()) error) error {
	if err := db.suspended(); err != nil {
		return err
	}
	c, err := db.engine.begin(ctx, m, tenant)
	if err != nil {
		return fmt.Errorf("beginning a transaction: %w", err)
	}
	defer c.rollback() // without effect after commit
	var after []func()
	if err := f(c, &after); err != nil {
		return err
	}
	if err := c.flush(ctx); err != nil {
		return err
	}
	if err := db.suspended(); err != nil {
		return err
	}
	if err := c.commit(ctx); err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	for _, f := range after {
		f()
	}
	return nil
}

// Tenant is the tenant that the transaction is bound to.
func (tx *Tx) Tenant() string { return tx.tenant }

// WritesMany says that what follows in the transaction writes many rows, by the thousand.
func (tx *Tx) WritesMany(ctx context.Context) error { return tx.conn.many(ctx) }

// Dialect says which database runs the transaction.
func (tx *Tx) Dialect() Dialect { return tx.dialect }

// AfterCommit registers f to be called once the transaction has committed, and not otherwise.
func (tx *Tx) AfterCommit(f func()) { *tx.after = append(*tx.after, f) }

// Exec runs a statement and returns how many rows it changed. $1 is the tenant; args begin at $2.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	if err := tx.wall.tenantStatement(query); err != nil {
		return 0, err
	}
	return tx.conn.exec(ctx, query, tx.bind(args))
}

// Later runs a statement of which nobody reads anything: on PostgreSQL several travel together, with
// one wait for all of them, before the next statement that is waited for or before the commit. It
// runs in its order all the same, and when it fails, so does what comes next. $1 is the tenant; args
// begin at $2.
func (tx *Tx) Later(ctx context.Context, query string, args ...any) error {
	if err := tx.wall.tenantStatement(query); err != nil {
		return err
	}
	return tx.conn.later(ctx, query, tx.bind(args))
}

// Query runs a statement that returns rows. $1 is the tenant; args begin at $2.
func (tx *Tx) Query(ctx context.Context, query string, args ...any) (*Rows, error) {
	if err := tx.wall.tenantStatement(query); err != nil {
		return nil, err
	}
	return rowsOf(tx.conn.query(ctx, query, tx.bind(args)))
}

// QueryRow scans the first row of a statement into dest; [ErrNotFound] when there is none.
func (tx *Tx) QueryRow(ctx context.Context, query string, args []any, dest ...any) error {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	return rows.first(dest)
}

func (tx *Tx) bind(args []any) []any {
	return append([]any{tx.tenant}, args...)
}
