package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
)

// maxPrepared is how many statements a connection keeps compiled. The program has some hundreds of its own; those that
// lists of different lengths are composed into may be any number.
const maxPrepared = 256

// sqliteFile opens connections to a database file that compile a statement when they first see it and keep it: to compile a
// small one takes longer than to run it. [database/sql] prepares statements for a whole pool, on whichever connection is
// free; inside a transaction, which has the only writer, none is.
type sqliteFile struct {
	driver driver.Driver
	dsn    string
}

func openSQLiteFile(dsn string) (*sql.DB, error) {
	named, err := sql.Open("sqlite", dsn) // connects to nothing
	if err != nil {
		return nil, err
	}
	defer named.Close()
	return sql.OpenDB(sqliteFile{named.Driver(), dsn}), nil
}

func (f sqliteFile) Driver() driver.Driver { return f.driver }

func (f sqliteFile) Connect(context.Context) (driver.Conn, error) {
	conn, err := f.driver.Open(f.dsn)
	if err != nil {
		return nil, err
	}
	return &preparing{sqliteDriverConn: conn.(sqliteDriverConn), kept: map[string]*prepared{}}, nil
}

// sqliteDriverConn is what the driver's connections can do and [database/sql] asks for.
type sqliteDriverConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// preparing is a connection that keeps its statements. Like every connection it has one user at a time.
type preparing struct {
	sqliteDriverConn
	kept map[string]*prepared
	uses uint64
}

// prepared is a statement that its connection keeps.
type prepared struct {
	preparedStatement
	last uint64 // when it was last used, counted in uses
	open bool   // its rows are being read
}

type preparedStatement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// statement is the compiled form of a query; nil where its rows are being read, so that it cannot run once more.
func (c *preparing) statement(ctx context.Context, query string) (*prepared, error) {
	c.uses++
	s, known := c.kept[query]
	if known {
		s.last = c.uses
		if s.open {
			return nil, nil
		}
		return s, nil
	}
	if len(c.kept) >= maxPrepared {
		if err := c.forget(); err != nil {
			return nil, err
		}
	}
	compiled, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s = &prepared{preparedStatement: compiled.(preparedStatement), last: c.uses}
	c.kept[query] = s
	return s, nil
}

// forget lets go of the statement whose last use is longest ago.
func (c *preparing) forget() error {
	oldest := ""
	for query, s := range c.kept {
		if !s.open && (oldest == "" || s.last < c.kept[oldest].last) {
			oldest = query
		}
	}
	if oldest == "" {
		return nil
	}
	s := c.kept[oldest]
	delete(c.kept, oldest)
	return s.Close()
}

func (c *preparing) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.sqliteDriverConn.ExecContext(ctx, query, args)
	}
	return s.ExecContext(ctx, args)
}

func (c *preparing) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.sqliteDriverConn.QueryContext(ctx, query, args)
	}
	rows, err := s.QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	s.open = true
	return &preparedRows{rows, s}, nil
}

// Close closes what is kept first: a connection with statements is not closed.
func (c *preparing) Close() error {
	for _, s := range c.kept {
		if err := s.Close(); err != nil {
			return err
		}
	}
	return c.sqliteDriverConn.Close()
}

// preparedRows give their statement back when they are closed.
type preparedRows struct {
	driver.Rows
	of *prepared
}

func (r *preparedRows) Close() error {
	r.of.open = false
	return r.Rows.Close()
}
