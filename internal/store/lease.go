package store

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Lease is held by the one node that serves a PostgreSQL database: a row that must be renewed. A
// node that dies leaves it behind; it counts as dead when the row has not changed for the lease's
// time as measured by the one who waits, so that clocks of two machines are never compared.
type Lease struct {
	db     *DB
	name   string
	holder string
	lost   chan struct{}
	stop   chan struct{}
	done   chan struct{}
	once   sync.Once
}

// leaseTime is how long a lease outlives its last renewal.
const leaseTime = 6 * time.Second

// TakeLease makes this process the holder of the named lease. While another holder renews it the
// answer is [ErrServed], within a third of the lease's time; a holder that is gone is waited out.
func (db *DB) TakeLease(ctx context.Context, name string) (*Lease, error) {
	l := &Lease{
		db: db, name: name, holder: NewID(db.Now()),
		lost: make(chan struct{}), stop: make(chan struct{}), done: make(chan struct{}),
	}
	seen, err := db.lookAtLease(ctx, name)
	if err != nil {
		return nil, err
	}
	if seen != (leaseMark{}) {
		if err := db.waitOut(ctx, name, seen); err != nil {
			return nil, err
		}
	}
	if err := l.take(ctx, seen); err != nil {
		return nil, err
	}
	go l.keep()
	return l, nil
}

// Lost is closed when the lease could not be renewed in time: the holder must stop serving.
func (l *Lease) Lost() <-chan struct{} { return l.lost }

// Release ends the lease, so that the next holder need not wait. It may be called more than once.
func (l *Lease) Release(ctx context.Context) error {
	l.once.Do(func() { close(l.stop) })
	<-l.done
	return l.db.Across(ctx, ServeLease, func(s *Span) error {
		_, err := s.Exec(ctx, `DELETE FROM server_leases WHERE name = $1 AND holder = $2`, l.name, l.holder)
		return err
	})
}

// leaseMark changes with each taking and each renewal; it is zero when nobody holds the lease. The
// fence alone would not do: it begins anew after a release.
type leaseMark struct {
	holder string
	fence  int64
}

func (db *DB) lookAtLease(ctx context.Context, name string) (mark leaseMark, err error) {
	err = db.AcrossRead(ctx, ServeLease, func(s *Span) error {
		return s.QueryRow(ctx, `SELECT holder, fence FROM server_leases WHERE name = $1`, []any{name}, &mark.holder, &mark.fence)
	})
	if errors.Is(err, ErrNotFound) {
		return leaseMark{}, nil
	}
	return mark, err
}

// waitOut returns when the mark has stood still for the lease's time.
func (db *DB) waitOut(ctx context.Context, name string, seen leaseMark) error {
	for end := time.Now().Add(db.leaseTime); time.Now().Before(end); {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(db.leaseTime / 12):
		}
		mark, err := db.lookAtLease(ctx, name)
		if err != nil {
			return err
		}
		if mark == (leaseMark{}) {
			return nil
		}
		if mark != seen {
			return ErrServed
		}
	}
	return nil
}

// take writes the row, unless it has changed since it was seen.
func (l *Lease) take(ctx context.Context, seen leaseMark) error {
	return l.db.Across(ctx, ServeLease, func(s *Span) error {
		changed, err := s.Exec(ctx, `
			INSERT INTO server_leases (name, holder, fence, expires_at)
			VALUES ($1, $2, $3 + 1, $4)
			ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, fence = excluded.fence, expires_at = excluded.expires_at
			WHERE server_leases.fence = $3 AND server_leases.holder = $5`,
			l.name, l.holder, seen.fence, s.Now.Add(l.db.leaseTime).UnixMicro(), seen.holder)
		if err == nil && changed == 0 {
			err = ErrServed
		}
		return err
	})
}

// keep renews the lease until it is released or lost. It gives up a third of the lease's time before
// anybody else may take over, counted from when the last good renewal was sent.
func (l *Lease) keep() {
	defer close(l.done)
	last := time.Now()
	ticker := time.NewTicker(l.db.leaseTime / 6)
	defer ticker.Stop()
	for {
		select {
		case <-l.stop:
			return
		case <-ticker.C:
		}
		sent, giveUp := time.Now(), last.Add(l.db.leaseTime*2/3)
		held, err := l.again(giveUp)
		if err == nil && held {
			last = sent
			continue
		}
		if err == nil || !time.Now().Before(giveUp) {
			close(l.lost)
			return
		}
	}
}

// again renews the lease and tells whether it was still held.
func (l *Lease) again(giveUp time.Time) (held bool, err error) {
	ctx, cancel := context.WithDeadline(context.Background(), giveUp)
	defer cancel()
	err = l.db.Across(ctx, ServeLease, func(s *Span) error {
		changed, err := s.Exec(ctx, `
			UPDATE server_leases SET fence = fence + 1, expires_at = $3
			WHERE name = $1 AND holder = $2`, l.name, l.holder, s.Now.Add(l.db.leaseTime).UnixMicro())
		held = changed == 1
		return err
	})
	return held, err
}
