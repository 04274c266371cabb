package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// ErrNoBoundRole says that no role can be had that row level security binds.
var ErrNoBoundRole = errors.New("the PostgreSQL role has BYPASSRLS and may not create roles: " +
	"give one that may (CREATEROLE), or one without BYPASSRLS")

// ThrowawayPostgres makes a database on the server at ownerURL, whose role must be allowed to create
// databases, and runs the statements of tables in it. The database is used by a role of its own where
// the owner may create one, and otherwise by the owner, whom forced row level security binds too.
// Other databases of the server are left alone.
func ThrowawayPostgres(ctx context.Context, ownerURL, prefix, tables string) (*Throwaway, error) {
	server, err := pgx.Connect(ctx, ownerURL)
	if err != nil {
		return nil, translate(withoutPassword(err))
	}
	suffix := strings.ToLower(rand.Text()[:16])
	p := &throwawayPostgres{server: server, ownerURL: ownerURL, database: prefix + suffix}
	db, err := p.make(ctx, prefix+"app_"+suffix, tables)
	if err != nil {
		return nil, errors.Join(translate(err), p.remove())
	}
	return &Throwaway{
		DB: db, Owner: p.owner, Application: p.application, remove: func() error { return errors.Join(db.Close(), p.remove()) },
	}, nil
}

// throwawayPostgres knows what has been made on the server so far.
type throwawayPostgres struct {
	server   *pgx.Conn
	ownerURL string
	database string

	owner, application string // addresses of the database

	undo []string // statements that take it away: the database first, for the role has rights in it
}

func (p *throwawayPostgres) make(ctx context.Context, role, tables string) (*DB, error) {
	// template0 is as PostgreSQL made it, and nobody else is connected to it.
	if err := p.run(ctx, `CREATE DATABASE `+p.database+` TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`,
		`DROP DATABASE `+p.database); err != nil {
		return nil, fmt.Errorf("making a throwaway database: %w", err)
	}
	var err error
	if p.owner, err = p.address(nil); err != nil {
		return nil, err
	}
	if p.application, err = p.bound(ctx, role); err != nil {
		return nil, err
	}
	if err := furnishPostgres(ctx, p.owner, p.application, tables); err != nil {
		return nil, err
	}
	return openPostgres(ctx, p.application, openAs(refuseUnbound))
}

// run makes one thing on the server. It is not interrupted, as nobody would know whether it was made.
func (p *throwawayPostgres) run(ctx context.Context, statement, undo string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if _, err := p.server.Exec(context.WithoutCancel(ctx), statement); err != nil {
		return err
	}
	p.undo = append(p.undo, undo)
	return nil
}

// bound is the address for the role that will use the database, which row level security binds.
func (p *throwawayPostgres) bound(ctx context.Context, role string) (string, error) {
	const query = `SELECT rolsuper OR rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = current_user`
	var creates, bypasses bool
	if err := p.server.QueryRow(ctx, query).Scan(&creates, &bypasses); err != nil {
		return "", err
	}
	switch {
	case creates:
		password := rand.Text()
		err := p.run(ctx, `CREATE ROLE `+role+` LOGIN PASSWORD '`+password+`'`, `DROP ROLE `+role)
		if err != nil {
			return "", fmt.Errorf("making a role for the throwaway database: %w", err)
		}
		return p.address(url.UserPassword(role, password))
	case bypasses:
		return "", ErrNoBoundRole
	}
	return p.address(nil)
}

// address is the owner's with the throwaway database and, where one is given, another user.
func (p *throwawayPostgres) address(user *url.Userinfo) (string, error) {
	u, err := url.Parse(p.ownerURL)
	if err != nil || u.Scheme == "" {
		return "", errors.New("expected postgres://user:password@host:port/database")
	}
	query := u.Query() // what stands there would win
	query.Del("dbname")
	query.Del("database")
	u.Path = "/" + p.database
	if user != nil {
		query.Del("user")
		query.Del("password")
		u.User = user
	}
	u.RawQuery = query.Encode()
	return u.String(), nil
}

func furnishPostgres(ctx context.Context, owner, application, tables string) error {
	if _, _, err := MigratePostgres(ctx, owner, application); err != nil {
		return err
	}
	if err := runAll(ctx, "pgx", owner, tables); err != nil {
		return err
	}
	db, err := sql.Open("pgx", owner)
	if err != nil {
		return err
	}
	defer db.Close()
	config, err := pgx.ParseConfig(application)
	if err != nil {
		return withoutPassword(err)
	}
	return grant(ctx, db, config.User)
}

// refuseUnbound lets the owner of the tables in, but nobody who sees through row level security.
func refuseUnbound(ctx context.Context, pool *pgxpool.Pool) error {
	var unbound bool
	err := pool.QueryRow(ctx, `SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user`).Scan(&unbound)
	if err == nil && unbound {
		err = ErrNoBoundRole
	}
	return err
}

// removal is how long taking everything away may take. It does not depend on the context of the
// work, which may have been cancelled, and neither does the connection: it is a new one.
const removal = 30 * time.Second

func (p *throwawayPostgres) remove() error {
	ctx, cancel := context.WithTimeout(context.Background(), removal)
	defer cancel()
	_ = p.server.Close(ctx)
	if p.undo == nil {
		return nil
	}
	server, err := pgx.Connect(ctx, p.ownerURL)
	if err != nil {
		return fmt.Errorf("removing the database %s: %w", p.database, translate(withoutPassword(err)))
	}
	defer server.Close(ctx)
	for _, statement := range p.undo {
		err = errors.Join(err, take(ctx, server, statement))
	}
	return err
}

// take takes one thing away. A database waits a while for connections that are about to end, and has
// autovacuum leave; FORCE ends the rest, but by itself it fails at autovacuum for all but superusers.
func take(ctx context.Context, server *pgx.Conn, statement string) error {
	_, err := server.Exec(ctx, statement)
	if pg := (*pgconn.PgError)(nil); errors.As(err, &pg) && pg.Code == "55006" { // object_in_use
		_, err = server.Exec(ctx, statement+" WITH (FORCE)")
	}
	return err
}
