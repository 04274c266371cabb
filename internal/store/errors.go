package store

import (
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// What callers can tell apart. Everything else is a defect or a broken database.
var (
	// ErrNotFound: the query found no row in this tenant.
	ErrNotFound = errors.New("store: no such row")
	// ErrDuplicate: a unique key exists already. On PostgreSQL the transaction is lost, so a
	// duplicate that is expected is caught with ON CONFLICT DO NOTHING instead.
	ErrDuplicate = errors.New("store: duplicate key")
	// ErrReference: a row that is referred to does not exist, or is still referred to.
	ErrReference = errors.New("store: broken reference")
	// ErrUnavailable: the database cannot be reached or cannot write; trying again later may help.
	ErrUnavailable = errors.New("store: database unavailable")
)

// retryable tells whether the database asked for the transaction to be run again.
func retryable(err error) bool {
	if pg := (*pgconn.PgError)(nil); errors.As(err, &pg) {
		switch pg.Code {
		case "40001", "40P01", // serialization failure, deadlock
			"0A000": // a cached plan whose result type changed under a migration
			return true
		}
	}
	if lite := (*sqlite.Error)(nil); errors.As(err, &lite) {
		return lite.Code()&0xff == lib.SQLITE_BUSY
	}
	return false
}

// translate adds to a driver's error what callers can tell apart.
func translate(err error) error {
	if kind := kindOf(err); kind != nil && !errors.Is(err, kind) {
		return fmt.Errorf("%w: %w", kind, err)
	}
	return err
}

func kindOf(err error) error {
	if pg := (*pgconn.PgError)(nil); errors.As(err, &pg) {
		return postgresKind(pg.Code)
	}
	if lite := (*sqlite.Error)(nil); errors.As(err, &lite) {
		return sqliteKind(lite.Code())
	}
	connect, network := (*pgconn.ConnectError)(nil), (net.Error)(nil)
	if errors.As(err, &connect) || errors.As(err, &network) || pgconn.SafeToRetry(err) {
		return ErrUnavailable
	}
	if errors.Is(err, io.ErrUnexpectedEOF) { // how pgx tells that a server which crashed has hung up
		return ErrUnavailable
	}
	return nil
}

// postgresKind goes by SQLSTATE (PostgreSQL documentation, appendix A).
func postgresKind(code string) error {
	switch {
	case code == "23505":
		return ErrDuplicate
	case code == "23503":
		return ErrReference
	case code == "25P03": // idle for too long in a transaction
		return ErrUnavailable
	case len(code) == 5 && (code[:2] == "08" || code[:2] == "53" || code[:2] == "57"):
		return ErrUnavailable // connection, resources, operator intervention
	}
	return nil
}

// sqliteKind goes by extended result code (https://www.sqlite.org/rescode.html).
func sqliteKind(code int) error {
	switch code {
	case lib.SQLITE_CONSTRAINT_UNIQUE, lib.SQLITE_CONSTRAINT_PRIMARYKEY:
		return ErrDuplicate
	case lib.SQLITE_CONSTRAINT_FOREIGNKEY:
		return ErrReference
	}
	switch code & 0xff {
	case lib.SQLITE_BUSY, lib.SQLITE_FULL, lib.SQLITE_IOERR, lib.SQLITE_CANTOPEN, lib.SQLITE_READONLY:
		return ErrUnavailable
	}
	return nil
}
