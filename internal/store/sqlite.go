package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"net/url"
	"os"

	_ "modernc.org/sqlite" // the driver named "sqlite"
)

// sqliteEngine has one writer, so that writers queue in Go instead of failing as busy, and a
// bounded pool of readers, which WAL lets run beside it.
type sqliteEngine struct {
	writer  *sql.DB
	readers *sql.DB
}

const sqliteReaders = 8

// OpenSQLite opens the database file at path, whose schema must be up to date (see [MigrateSQLite]).
func OpenSQLite(ctx context.Context, path string) (*DB, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	e, err := newSQLite(path)
	if err != nil {
		return nil, err
	}
	db, err := open(ctx, e)
	if err != nil {
		e.close()
	}
	return db, err
}

func newSQLite(path string) (*sqliteEngine, error) {
	// A statement that adds many rows keeps the pages as they were until none of them has failed. That is what goes to memory:
	// a temporary file of them had more pages written to it than the log of the database.
	writer, err := openSQLiteFile(sqliteDSN(path, "_pragma=temp_store(memory)"))
	if err != nil {
		return nil, err
	}
	writer.SetMaxOpenConns(1)
	readers, err := openSQLiteFile(sqliteDSN(path, "_pragma=query_only(1)"))
	if err != nil {
		return nil, err
	}
	readers.SetMaxOpenConns(sqliteReaders)
	readers.SetMaxIdleConns(sqliteReaders)
	return &sqliteEngine{writer: writer, readers: readers}, nil
}

// sqliteDSN puts busy_timeout first: the pragmas after it may already have to wait for a lock.
// synchronous(FULL) makes an acknowledged commit survive a power cut.
func sqliteDSN(path, extra string) string {
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}
	return u.String() + "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)" +
		"&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&" + extra
}

func (e *sqliteEngine) dialect() Dialect { return SQLite }

func (e *sqliteEngine) ping(ctx context.Context) error { return translate(e.readers.PingContext(ctx)) }

func (e *sqliteEngine) close() error {
	if err := e.readers.Close(); err != nil {
		return err
	}
	return e.writer.Close()
}

func (e *sqliteEngine) begin(ctx context.Context, m mode, _ string) (conn, error) {
	pool, begin := e.readers, `BEGIN`
	if m == writing {
		pool, begin = e.writer, `BEGIN IMMEDIATE`
	}
	c, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	tx := sqliteConn{c}
	if _, err := c.ExecContext(ctx, begin); err != nil {
		tx.rollback() // it may have begun all the same, and the context ended then
		return nil, err
	}
	return tx, nil
}

func (e *sqliteEngine) tables(ctx context.Context) (tenant, global []string, err error) {
	const query = `
		SELECT t.name, EXISTS (SELECT 1 FROM pragma_table_info(t.name) c WHERE c.name = 'tenant_id')
		FROM sqlite_schema t
		WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'`
	rows, err := e.readers.QueryContext(ctx, query)
	if err != nil {
		return nil, nil, err
	}
	return splitTables(sqliteRows{rows})
}

// splitTables reads rows of (table, whether it has a tenant).
func splitTables(rows cursor) (tenant, global []string, err error) {
	defer rows.Close()
	for rows.Next() {
		var name string
		var owned bool
		if err := rows.Scan(&name, &owned); err != nil {
			return nil, nil, err
		}
		if owned {
			tenant = append(tenant, name)
		} else {
			global = append(global, name)
		}
	}
	return tenant, global, rows.Err()
}

// sqliteConn is a connection that the transaction has for itself until its end. Beginning and ending are statements like
// others and kept compiled, which those of [database/sql] are not; nor does it need a goroutine to watch the context of each.
// Rows must have been closed before the end, which waits for them.
type sqliteConn struct{ *sql.Conn }

func (c sqliteConn) exec(ctx context.Context, query string, args []any) (int64, error) {
	result, err := c.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, translate(err)
	}
	return result.RowsAffected()
}

// later waits for nothing: there is no way to travel.
func (c sqliteConn) later(ctx context.Context, query string, args []any) error {
	_, err := c.exec(ctx, query, args)
	return err
}

func (c sqliteConn) flush(context.Context) error { return nil }

func (c sqliteConn) query(ctx context.Context, query string, args []any) (cursor, error) {
	rows, err := c.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, translate(err)
	}
	return sqliteRows{rows}, nil
}

// setTenant has nothing to set: SQLite has no fourth wall.
func (c sqliteConn) setTenant(context.Context, string) error { return nil }

// many has nothing to prepare: a plan is made for each statement, and checks need none.
func (c sqliteConn) many(context.Context) error { return nil }

// commit is not broken off half-way: nobody would know whether it has happened.
func (c sqliteConn) commit(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if _, err := c.ExecContext(context.WithoutCancel(ctx), `COMMIT`); err != nil {
		return err
	}
	return c.Close()
}

// rollback closes a connection that does not say that it has gone back: nobody else may get it with a transaction begun.
// After the end of one there is no connection any more.
func (c sqliteConn) rollback() {
	if _, err := c.ExecContext(context.Background(), `ROLLBACK`); err != nil {
		_ = c.Raw(func(any) error { return driver.ErrBadConn })
	}
	_ = c.Close()
}

type sqliteRows struct{ *sql.Rows }

func (r sqliteRows) Close() { _ = r.Rows.Close() } // its error is in Err too
