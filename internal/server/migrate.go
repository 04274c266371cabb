package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"

	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
	"github.com/usher-desk/usher/trail"
)

// Upgrade migrates what is there, which nobody may be serving meanwhile, and returns the versions of the schema before
// and after. On PostgreSQL it needs the owner's address.
func (p Place) Upgrade(ctx context.Context) (before, after int64, err error) {
	if err := p.exists(); err != nil {
		return 0, 0, err
	}
	if p.Postgres == "" {
		file, err := p.lock()
		if err != nil {
			return 0, 0, err
		}
		defer file.Release()
	}
	if before, after, err = p.migrate(ctx); err != nil {
		return before, after, err
	}
	db, err := p.openDatabase(ctx)
	if err != nil {
		return before, after, err
	}
	return before, after, errors.Join(commandLine.record(ctx, db, before, after), db.Close())
}

// openMigrated opens the database when it has been brought up to date.
func (p Place) openMigrated(ctx context.Context, by migrator) (*store.DB, error) {
	before, after, err := p.migrate(ctx)
	if err != nil {
		return nil, err
	}
	db, err := p.openDatabase(ctx)
	if err != nil {
		return nil, err
	}
	if err := by.record(ctx, db, before, after); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// migrate brings the schema up to date, creating the database if need be.
func (p Place) migrate(ctx context.Context) (before, after int64, err error) {
	if p.Postgres != "" {
		if p.PostgresOwner == "" {
			return 0, 0, errors.New("migrating PostgreSQL needs the owner's address: --postgres-owner URL")
		}
		return store.MigratePostgres(ctx, p.PostgresOwner, p.Postgres)
	}
	if p.Data == "" {
		return 0, 0, ErrNowhere
	}
	if err := os.MkdirAll(p.Data, 0o700); err != nil {
		return 0, 0, fmt.Errorf("making the data folder: %w", err)
	}
	return store.MigrateSQLite(ctx, p.databaseFile())
}

// migrator is who migrates, as the record says.
type migrator struct {
	op   trail.Op
	node string
}

var commandLine = migrator{trail.CLI, "cli"}

// record leaves a record of what a migration has done. Each step of one commits by itself, at a time when there may be no
// trail of this program's yet: the record comes after the last of them, and where a kill came between, with the next
// start that may migrate. The making of an empty database is no migration.
func (m migrator) record(ctx context.Context, db *store.DB, before, after int64) error {
	known, err := db.Fact(ctx, store.RecordedSchema)
	now := strconv.FormatInt(after, 10)
	if err != nil || known == now {
		return err
	}
	keeper, err := m.keeper(ctx, db)
	if err != nil {
		return err
	}
	was := cmp.Or(known, strconv.FormatInt(before, 10))
	return db.ChangeFact(ctx, store.RecordedSchema, now, func(s *store.Span) error {
		if was == now || was == "0" {
			return nil
		}
		act := audit.Act{Op: m.op, Event: "schema.migrate", Targets: []trail.Ref{{Type: "schema", ID: now}}}
		act.Change.Values("version", []string{"v" + was}, []string{"v" + now})
		return s.In(ctx, tenant.Platform, func(tx *store.Tx) error { return keeper.AppendAct(ctx, tx, act) })
	})
}

// keeper writes records and needs no master key, which whoever migrates may not have.
func (m migrator) keeper(ctx context.Context, db *store.DB) (*audit.Service, error) {
	address, err := db.Fact(ctx, addressFact)
	if err != nil {
		return nil, err
	}
	public, err := publicAddress(cmp.Or(address, defaultAddress))
	if err != nil {
		return nil, err
	}
	return audit.New(audit.Config{DB: db, Host: public.Host, Node: m.node}), nil
}
