package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// MigratePostgres brings the database at ownerURL to this program's schema as the role that owns
// it, and gives the application's role, named in applicationURL, what it needs and no more. Where
// migrations are pending it needs the database alone (see [DB.Alone]); otherwise nodes may serve.
func MigratePostgres(ctx context.Context, ownerURL, applicationURL string) (before, after int64, err error) {
	application, err := pgx.ParseConfig(applicationURL)
	if err != nil {
		return 0, 0, withoutPassword(err)
	}
	owner, err := pgx.ParseConfig(ownerURL)
	if err != nil {
		return 0, 0, withoutPassword(err)
	}
	settleDeadlines(owner) // for the connection alone: a migration takes as long as it takes
	db := stdlib.OpenDB(*owner)
	defer db.Close()
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return 0, 0, err
	}
	ctx, release, err := aloneIfPending(ctx, ownerURL, db)
	if err != nil {
		return 0, 0, err
	}
	before, after, err = migrate(ctx, goose.DialectPostgres, PostgreSQL, db, goose.WithSessionLocker(locker))
	if err == nil {
		err = grant(ctx, db, application.User)
	}
	return before, after, errors.Join(translate(err), release())
}

// aloneIfPending takes the database alone when there is something to migrate. Nobody serves a database that no
// migration has touched.
func aloneIfPending(ctx context.Context, ownerURL string, db *sql.DB) (bound context.Context, release func() error, err error) {
	var version int64
	err = db.QueryRowContext(ctx, versionQuery).Scan(&version)
	if err != nil && isMissingTable(err) || err == nil && (version == 0 || version >= newest(PostgreSQL)) {
		return ctx, func() error { return nil }, nil
	}
	if err != nil {
		return nil, nil, translate(err)
	}
	owner, err := openPostgres(ctx, ownerURL, func(ctx context.Context, e *postgresEngine) (*DB, error) { return openAnyVersion(ctx, e) })
	if err != nil {
		return nil, nil, err
	}
	lease, err := owner.Alone(ctx)
	if err != nil {
		return nil, nil, errors.Join(err, owner.Close())
	}
	bound, end := lease.Bound(ctx)
	return bound, func() error {
		end()
		return errors.Join(lease.Release(context.WithoutCancel(ctx)), owner.Close())
	}, nil
}

// grant lets the application read and write rows, and no more than add to the trail. The owner needs
// no grant, and must not lose what the checks of references do in its name.
func grant(ctx context.Context, db *sql.DB, role string) error {
	var schema, owner string
	err := db.QueryRowContext(ctx, `SELECT quote_ident(current_schema()), current_user`).Scan(&schema, &owner)
	if err != nil || role == owner {
		return translate(err)
	}
	tx, err := db.BeginTx(ctx, nil) // what is granted and taken back again is never in force
	if err != nil {
		return translate(err)
	}
	defer tx.Rollback()
	// Of two who grant at once PostgreSQL would refuse one.
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, grantLock); err != nil {
		return translate(err)
	}
	who := pgx.Identifier{role}.Sanitize()
	for _, statement := range []string{
		`GRANT USAGE ON SCHEMA ` + schema + ` TO ` + who,
		`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ` + schema + ` TO ` + who,
		`REVOKE UPDATE, DELETE ON audit_bodies, audit_targets FROM ` + who,
		`REVOKE UPDATE ON audit_personal FROM ` + who,
		`REVOKE INSERT, UPDATE, DELETE ON goose_db_version FROM ` + who,
	} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("granting rights to %s: %w", who, translate(err))
		}
	}
	return translate(tx.Commit())
}

// grantLock is a number that nobody else in the database locks by.
const grantLock = 0x7573686572 // "usher"
