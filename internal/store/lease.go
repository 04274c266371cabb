package store

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// Lease is a row that its holder must renew. A holder that dies leaves it behind; it counts as dead when
// the row has not changed for the lease's time as measured by the one who waits, so that clocks of two
// machines are never compared.
//
// For a third of the lease's time before anybody else may think so, a holder that could not renew begins
// and commits no transaction: they fail with [ErrUnavailable]. It goes on when it has renewed again.
type Lease struct {
	db     *DB // not bounded by the lease
	name   string
	holder string
	good   *atomic.Pointer[time.Time] // until when the holder may work
	lost   chan struct{}
	stop   chan struct{}
	done   chan struct{}
	once   sync.Once
}

// leaseTime is how long a lease outlives its last renewal.
const leaseTime = 6 * time.Second

// errHeld says that the lease's holder is alive.
var errHeld = errors.New("store: the lease is held")

// takeLease makes this process the holder of the named lease. While another holder renews it the answer
// is errHeld, within a third of the lease's time; a holder that is gone is waited out.
func (db *DB) takeLease(ctx context.Context, name string) (*Lease, error) {
	l := &Lease{
		db: db.unbounded(), name: name, holder: NewID(db.Now()), good: db.good,
		lost: make(chan struct{}), stop: make(chan struct{}), done: make(chan struct{}),
	}
	if _, err := l.db.outlive(ctx, func(other string) bool { return other == name }); err != nil {
		return nil, err
	}
	sent := time.Now()
	if err := l.insert(ctx); err != nil {
		return nil, err
	}
	l.extend(sent)
	go l.keep()
	return l, nil
}

// Lost is closed when somebody else has taken the holder for dead: it must stop.
func (l *Lease) Lost() <-chan struct{} { return l.lost }

// Release ends the lease, so that the next holder need not wait. It may be called more than once.
func (l *Lease) Release(ctx context.Context) error {
	l.once.Do(func() { close(l.stop) })
	<-l.done
	return l.db.Across(ctx, Leases, func(s *Span) error {
		_, err := s.Exec(ctx, `DELETE FROM server_leases WHERE name = $1 AND holder = $2`, l.name, l.holder)
		return err
	})
}

// insert writes the row, unless somebody was faster.
func (l *Lease) insert(ctx context.Context) error {
	return l.db.Across(ctx, Leases, func(s *Span) error {
		inserted, err := s.Exec(ctx, `
			INSERT INTO server_leases (name, holder, fence, expires_at)
			VALUES ($1, $2, 1, $3)
			ON CONFLICT (name) DO NOTHING`, l.name, l.holder, s.Now.Add(l.db.leaseTime).UnixMicro())
		if err == nil && inserted == 0 {
			err = errHeld
		}
		return err
	})
}

// extend lets the holder work for two thirds of the lease's time after a renewal was sent.
func (l *Lease) extend(sent time.Time) {
	until := sent.Add(l.db.leaseTime * 2 / 3)
	l.good.Store(&until)
}

// keep renews the lease until it is released or lost. A database that is away for a while ends nothing: as long
// as the row stands as it was left, nobody has taken the holder for dead.
func (l *Lease) keep() {
	defer close(l.done)
	ticker := time.NewTicker(l.db.leaseTime / 6)
	defer ticker.Stop()
	for failing := false; ; {
		select {
		case <-l.stop:
			return
		case <-ticker.C:
		}
		sent := time.Now()
		held, err := l.renew()
		switch {
		case err == nil && !held:
			close(l.lost)
			return
		case err == nil:
			l.extend(sent)
		case !failing:
			slog.Warn("the lease on the database could not be renewed; nothing is begun when it runs out, until it can", "cause", err)
		}
		failing = err != nil
	}
}

// renew tells whether the lease was still held.
func (l *Lease) renew() (held bool, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), l.db.leaseTime/3)
	defer cancel()
	err = l.db.Across(ctx, Leases, func(s *Span) error {
		changed, err := s.Exec(ctx, `
			UPDATE server_leases SET fence = fence + 1, expires_at = $3
			WHERE name = $1 AND holder = $2`, l.name, l.holder, s.Now.Add(l.db.leaseTime).UnixMicro())
		held = changed == 1
		return err
	})
	return held, err
}
