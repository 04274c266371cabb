package store

import (
	"context"
	"errors"
	"time"
)

// Work is a reason to span tenants. The list below is closed: whatever is not on it happens inside
// one tenant, and is refused here.
type Work int

// The work that spans tenants. Each leaves its own trace in the trail: what it commits are records,
// or what it makes and finds is named by the record of the operation or start that asked.
const (
	AuditCommit          Work = iota + 1 // the audit committer
	TenantLookUp                         // the look-up of a tenant
	TenantSetUp                          // the creation of a tenant
	SigningKeys                          // signing keys
	MasterKey                            // the sealing of everything with another master key
	Installation                         // facts of the installation
	Leases                               // the leases of nodes, and of work that needs the database alone
	AccessVectors                        // access test in a throwaway database
	TenantFigures                        // how much each tenant is in use, for the platform's people
	TenantAdministration                 // what the platform's people do to a tenant, recorded in both trails
	TenantVisits                         // platform staff entering and leaving a tenant, recorded in both trails
	FileSweep                            // which tenants there are to take old files of, each recorded in its trail
	DeskSweep                            // which desks need what time brings about; each does that in a transaction of its own, with records
	Restoration                          // what a restore takes away from every tenant, recorded in each trail
	endOfWork
)

// errUnlistedWork is a mistake of the program.
var errUnlistedWork = errors.New("store: this work across tenants is not on the list")

// everyTenant is what the tenant setting says outside any single tenant.
const everyTenant = "*"

// Span is a transaction that is bound to no tenant. By itself it sees the list of tenants and the
// tables of the installation; [Span.In] enters one tenant at a time.
type Span struct {
	// Now is the transaction's single timestamp.
	Now time.Time

	db    *DB
	conn  conn
	after *[]func()
}

// Across runs f in one transaction that may span tenants, for the stated work. It repeats f like
// [DB.Write].
func (db *DB) Across(ctx context.Context, work Work, f func(*Span) error) error {
	return db.span(ctx, writing, work, f)
}

// AcrossRead is [DB.Across] for work that changes nothing.
func (db *DB) AcrossRead(ctx context.Context, work Work, f func(*Span) error) error {
	return db.span(ctx, reading, work, f)
}

func (db *DB) span(ctx context.Context, m mode, w Work, f func(*Span) error) error {
	if w <= 0 || w >= endOfWork {
		return errUnlistedWork
	}
	return again(ctx, func() error {
		return db.once(ctx, m, everyTenant, func(c conn, after *[]func()) error {
			return f(&Span{Now: db.Now(), db: db, conn: c, after: after})
		})
	})
}

// In runs f inside the tenant, in the same transaction. The span is outside again afterwards, also
// when f fails and the caller goes on.
func (s *Span) In(ctx context.Context, tenant string, f func(*Tx) error) error {
	if err := s.conn.setTenant(ctx, tenant); err != nil {
		return err
	}
	tx := &Tx{Now: s.Now, tenant: tenant, conn: s.conn, wall: s.db.wall, dialect: s.db.Dialect(), after: s.after}
	err := f(tx)
	if outside := s.conn.setTenant(ctx, everyTenant); err == nil {
		err = outside
	}
	return err
}

// AfterCommit registers f to be called once the transaction has committed, and not otherwise.
func (s *Span) AfterCommit(f func()) { *s.after = append(*s.after, f) }

// Exec runs a statement on the installation's own tables; args begin at $1.
func (s *Span) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	if err := s.db.wall.spanStatement(query); err != nil {
		return 0, err
	}
	return s.conn.exec(ctx, query, args)
}

// Query reads the list of tenants or the installation's own tables; args begin at $1.
func (s *Span) Query(ctx context.Context, query string, args ...any) (*Rows, error) {
	if err := s.db.wall.spanStatement(query); err != nil {
		return nil, err
	}
	return rowsOf(s.conn.query(ctx, query, args))
}

// QueryRow scans the first row of a statement into dest; [ErrNotFound] when there is none.
func (s *Span) QueryRow(ctx context.Context, query string, args []any, dest ...any) error {
	rows, err := s.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	return rows.first(dest)
}

// CollectAcross runs a query of the span and turns each row into a T.
func CollectAcross[T any](ctx context.Context, s *Span, scan func(Row) (T, error), query string, args ...any) ([]T, error) {
	rows, err := s.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return collect(rows, scan)
}
