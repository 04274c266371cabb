package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

type postgresEngine struct {
	pool       *pgxpool.Pool
	answerTime time.Duration // how long an answer may take
}

// OpenPostgres opens the database at url, whose schema must be up to date (see [MigratePostgres]).
// It refuses a role that row level security does not bind: one that is superuser, has BYPASSRLS or
// owns the tables.
func OpenPostgres(ctx context.Context, url string) (*DB, error) {
	return openPostgres(ctx, url, openAs(refuseStrongRole))
}

// openAs is open for a role that is looked at.
func openAs(check func(context.Context, *pgxpool.Pool) error) func(context.Context, *postgresEngine) (*DB, error) {
	return func(ctx context.Context, e *postgresEngine) (*DB, error) {
		db, err := open(ctx, e)
		if err != nil {
			return nil, err
		}
		return db, check(ctx, e.pool)
	}
}

// openPostgres connects and leaves it to ready what must hold of the database and the role.
func openPostgres(ctx context.Context, url string, ready func(context.Context, *postgresEngine) (*DB, error)) (*DB, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("the PostgreSQL address is not valid: %w", withoutPassword(err))
	}
	e := &postgresEngine{answerTime: settleDeadlines(config.ConnConfig)}
	if e.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, translate(err)
	}
	opening, cancel := e.within(ctx)
	defer cancel()
	db, err := ready(opening, e)
	if err != nil {
		e.pool.Close()
		return nil, translate(err)
	}
	return db, nil
}

// withoutPassword keeps the kind of a parse error and drops its text, which repeats the address.
func withoutPassword(err error) error {
	if parse := (*pgconn.ParseConfigError)(nil); errors.As(err, &parse) {
		return errors.New("expected postgres://user:password@host:port/database")
	}
	return err
}

// ErrStrongRole says that the application's role is one that row level security does not bind.
var ErrStrongRole = errors.New("the application's PostgreSQL role must not be superuser, have BYPASSRLS or own Usher's tables; " +
	"give --postgres a role of its own and --postgres-owner the owner")

func refuseStrongRole(ctx context.Context, pool *pgxpool.Pool) error {
	const query = `
		SELECT r.rolsuper OR r.rolbypassrls OR EXISTS (
			SELECT 1 FROM pg_class c
			WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND pg_has_role(current_user, c.relowner, 'USAGE'))
		FROM pg_roles r
		WHERE r.rolname = current_user`
	var strong bool
	if err := pool.QueryRow(ctx, query).Scan(&strong); err != nil {
		return fmt.Errorf("looking at the application's role: %w", err)
	}
	if strong {
		return ErrStrongRole
	}
	return nil
}

func (e *postgresEngine) dialect() Dialect { return PostgreSQL }

func (e *postgresEngine) ping(ctx context.Context) error { return translate(e.pool.Ping(ctx)) }

func (e *postgresEngine) close() error {
	e.pool.Close()
	return nil
}

const setTenant = `SELECT set_config('app.tenant', $1, true)`

// enter is setTenant at the beginning of a transaction. It also undoes a setting of the server, the
// database or the role by which a commit would be told before it is durable; stricter ones stay. And where
// nothing else ends what is left behind of a dead node, idleTime does.
const enter = `
	SELECT set_config('app.tenant', $1, true),
		set_config('synchronous_commit', replace(current_setting('synchronous_commit'), 'off', 'on'), true),
		set_config('idle_in_transaction_session_timeout', coalesce(nullif(current_setting('idle_in_transaction_session_timeout'), '0'), $2), true)`

// begin sends BEGIN and the tenant in one round trip. Readers get one snapshot for the whole
// transaction; writers see what others committed before each statement, so that a lock taken first
// makes everything read after it current.
func (e *postgresEngine) begin(ctx context.Context, m mode, tenant string) (conn, error) {
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	if m == writing {
		options = pgx.TxOptions{IsoLevel: pgx.ReadCommitted, AccessMode: pgx.ReadWrite}
	}
	batch := &pgx.Batch{}
	batch.BeginTx(options)
	batch.Queue(enter, tenant, strconv.FormatInt(idleTime.Milliseconds(), 10))
	ctx, cancel := e.within(ctx)
	defer cancel()
	results := e.pool.SendBatch(ctx, batch)
	c := &postgresConn{e, results.Tx(), &pgx.Batch{}}
	if err := results.Close(); err != nil {
		c.rollback()
		return nil, err
	}
	return c, nil
}

func (e *postgresEngine) tables(ctx context.Context) (tenant, global []string, err error) {
	const query = `
		SELECT t.table_name::text, EXISTS (
			SELECT 1 FROM information_schema.columns c
			WHERE c.table_schema = t.table_schema AND c.table_name = t.table_name AND c.column_name = 'tenant_id')
		FROM information_schema.tables t
		WHERE t.table_schema = current_schema() AND t.table_type = 'BASE TABLE'`
	rows, err := e.pool.Query(ctx, query)
	if err != nil {
		return nil, nil, err
	}
	return splitTables(rows)
}

// postgresConn keeps statements back of which nobody reads anything, until it must wait anyway.
type postgresConn struct {
	engine  *postgresEngine
	tx      pgx.Tx
	pending *pgx.Batch
}

func (c *postgresConn) exec(ctx context.Context, query string, args []any) (int64, error) {
	if err := c.flush(ctx); err != nil {
		return 0, err
	}
	ctx, cancel := c.engine.within(ctx)
	defer cancel()
	tag, err := c.tx.Exec(ctx, query, args...)
	return tag.RowsAffected(), translate(err)
}

func (c *postgresConn) query(ctx context.Context, query string, args []any) (cursor, error) {
	if err := c.flush(ctx); err != nil {
		return nil, err
	}
	ctx, cancel := c.engine.within(ctx)
	rows, err := c.tx.Query(ctx, query, args...)
	if err != nil {
		cancel()
		return nil, translate(err)
	}
	return timedRows{rows, cancel}, nil
}

func (c *postgresConn) later(ctx context.Context, query string, args []any) error {
	c.pending.Queue(query, args...)
	if c.pending.Len() < maxPending {
		return nil
	}
	return c.flush(ctx)
}

// maxPending bounds what is kept in memory of a transaction that writes much.
const maxPending = 1000

// flush sends what was kept back and waits once for all of it.
func (c *postgresConn) flush(ctx context.Context) error {
	if c.pending.Len() == 0 {
		return nil
	}
	batch := c.pending
	c.pending = &pgx.Batch{}
	ctx, cancel := c.engine.withinAll(ctx, batch.Len())
	defer cancel()
	return translate(c.tx.SendBatch(ctx, batch).Close())
}

func (c *postgresConn) setTenant(ctx context.Context, tenant string) error {
	return c.later(ctx, setTenant, []any{tenant})
}

// many has plans made anew: those that a connection keeps, also for checks of references and in triggers, may be from when the
// tables were small, and read them from end to end for each row.
func (c *postgresConn) many(ctx context.Context) error {
	return c.later(ctx, `SELECT set_config('plan_cache_mode', 'force_custom_plan', true)`, nil)
}

func (c *postgresConn) commit(ctx context.Context) error {
	ctx, cancel := c.engine.within(ctx)
	defer cancel()
	return c.tx.Commit(ctx)
}

// rollback must reach the server even when the request that began the transaction is gone.
func (c *postgresConn) rollback() {
	ctx, cancel := c.engine.within(context.Background())
	defer cancel()
	_ = c.tx.Rollback(ctx)
}
