package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"
)

// Refusals of those who want to work with a database that others work with.
var (
	// ErrServed: a node serves the database, which this work needs alone. Stop it first.
	ErrServed = errors.New("another usher serve is running on this database; stop it first")
	// ErrNodeTaken: a node of the same name serves the database. Records tell nodes apart by their names.
	ErrNodeTaken = errors.New("a node of this name serves the database already; give each node a --node of its own")
	// ErrAlone: somebody has the database alone, to set it up, to migrate it or to seal it anew. Try again later.
	ErrAlone = errors.New("the database is just being set up, migrated or sealed anew; try again when that has ended")
)

// The names of leases. Whatever is no node's and not aloneLease counts as a node too: an older program's.
const (
	nodeLease  = "node "
	aloneLease = "alone"
)

// Join makes this process one of the nodes that serve the database, under a name that no other living
// node has ([ErrNodeTaken]), unless somebody has the database alone ([ErrAlone]).
//
// Whoever joins and whoever wants the database alone first writes a row and then looks for the other's, so
// that of two who come at once at least one sees the other.
func (db *DB) Join(ctx context.Context, name string) (*Lease, error) {
	l, err := db.takeLease(ctx, nodeLease+name)
	if errors.Is(err, errHeld) {
		return nil, fmt.Errorf("%w (%s)", ErrNodeTaken, name)
	}
	if err != nil {
		return nil, err
	}
	_, err = l.db.outlive(ctx, func(other string) bool { return other == aloneLease })
	if errors.Is(err, errHeld) {
		err = ErrAlone
	}
	if err == nil {
		err = checkVersion(ctx, db.engine) // somebody may have migrated before the row was there
	}
	if err != nil {
		return nil, errors.Join(err, l.Release(context.WithoutCancel(ctx)))
	}
	return l, nil
}

// Pulse is another one after a second, as long as its node lives; who stands still for six seconds is dead.
type Pulse leaseMark

// Pulses are those of the nodes that serve the database, by the names of their leases.
func (db *DB) Pulses(ctx context.Context) (map[string]Pulse, error) {
	leases, err := db.leases(ctx)
	found := map[string]Pulse{}
	for name, mark := range leases {
		if name != aloneLease {
			found[name] = Pulse(mark)
		}
	}
	return found, err
}

// Successor tells whether another holder has the lease that the pulse before was of.
func (p Pulse) Successor(before Pulse) bool { return p.holder != before.holder }

// Alone makes this process the only one that works with the database, when no node lives ([ErrServed]) and
// nobody else has it alone ([ErrAlone]). Nodes that died are waited out and find, should they wake up,
// that they have lost their lease.
func (db *DB) Alone(ctx context.Context) (*Lease, error) {
	l, err := db.takeLease(ctx, aloneLease)
	if errors.Is(err, errHeld) {
		return nil, ErrAlone
	}
	if err != nil {
		return nil, err
	}
	if err := l.Only(ctx); err != nil {
		return nil, errors.Join(err, l.Release(context.WithoutCancel(ctx)))
	}
	return l, nil
}

// Only returns nil when no other node lives, and [ErrServed] when one does.
func (l *Lease) Only(ctx context.Context) error {
	node, err := l.db.outlive(ctx, func(other string) bool { return other != l.name && other != aloneLease })
	if errors.Is(err, errHeld) {
		return fmt.Errorf("%w (%s)", ErrServed, strings.TrimPrefix(node, nodeLease))
	}
	return err
}

// Bound returns a context that ends when the lease is lost, for work that goes past the database's handle.
func (l *Lease) Bound(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-l.lost:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// errSuspended is the cause of [ErrUnavailable] while a node cannot tell whether it is still one.
var errSuspended = fmt.Errorf("%w: this node could not renew its lease", ErrUnavailable)

// suspended refuses to begin or commit while the lease, if there is one, is in doubt.
func (db *DB) suspended() error {
	if until := db.good.Load(); until != nil && !time.Now().Before(*until) {
		return errSuspended
	}
	return nil
}

// unbounded is db for the lease's own work.
func (db *DB) unbounded() *DB {
	other := *db
	other.good = new(atomic.Pointer[time.Time])
	return &other
}
