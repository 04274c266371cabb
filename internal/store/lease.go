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
	renew  time.Duration
	lost   chan struct{}
	stop   chan struct{}
	done   chan struct{}
	once   sync.Once
}

// LeaseTime is how long a lease outlives its last renewal.
const LeaseTime = 6 * time.Second

// TakeLease makes this process the holder of the named lease. While another holder renews it the
// answer is [ErrServed], within a third of the lease's time; a holder that is gone is waited out.
func (db *DB) TakeLease(ctx context.Context, name string) (*Lease, error) {
	l := &Lease{
		db: db, name: name, holder: NewID(db.Now()), renew: LeaseTime / 3,
		lost: make(chan struct{}), stop: make(chan struct{}), done: make(chan struct{}),
	}
	seen, err := db.leaseMark(ctx, name)
	if err != nil {
		return nil, err
	}
	if seen != 0 {
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

// leaseMark is a number that grows with each taking and each renewal; 0 when nobody holds the lease.
func (db *DB) leaseMark(ctx context.Context, name string) (mark int64, err error) {
	err = db.AcrossRead(ctx, ServeLease, func(s *Span) error {
		return s.QueryRow(ctx, `SELECT fence FROM server_leases WHERE name = $1`, []any{name}, &mark)
	})
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	return mark, err
}

// waitOut returns when the mark has stood still for the lease's time.
func (db *DB) waitOut(ctx context.Context, name string, seen int64) error {
	for end := time.Now().Add(LeaseTime); time.Now().Before(end); {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(LeaseTime / 12):
		}
		mark, err := db.leaseMark(ctx, name)
		if err != nil {
			return err
		}
		if mark == 0 {
			return nil
		}
		if mark != seen {
			return ErrServed
		}
	}
	return nil
}

// take writes the row, unless it has changed since it was seen.
func (l *Lease) take(ctx context.Context, seen int64) error {
	return l.db.Across(ctx, ServeLease, func(s *Span) error {
		changed, err := s.Exec(ctx, `
			INSERT INTO server_leases (name, holder, fence, expires_at)
			VALUES ($1, $2, $3 + 1, $4)
			ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, fence = excluded.fence, expires_at = excluded.expires_at
			WHERE server_leases.fence = $3`,
			l.name, l.holder, seen, s.Now.Add(LeaseTime).UnixMicro())
		if err == nil && changed == 0 {
			err = ErrServed
		}
		return err
	})
}

func (l *Lease) keep() {
	defer close(l.done)
	last := time.Now()
	ticker := time.NewTicker(l.renew)
	defer ticker.Stop()
	for {
		select {
		case <-l.stop:
			return
		case <-ticker.C:
		}
		held, err := l.again()
		if err == nil && held {
			last = time.Now()
			continue
		}
		if err == nil || time.Since(last) > LeaseTime-l.renew {
			close(l.lost)
			return
		}
	}
}

// again renews the lease and tells whether it was still held.
func (l *Lease) again() (held bool, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), l.renew)
	defer cancel()
	err = l.db.Across(ctx, ServeLease, func(s *Span) error {
		changed, err := s.Exec(ctx, `
			UPDATE server_leases SET fence = fence + 1, expires_at = $3
			WHERE name = $1 AND holder = $2`, l.name, l.holder, s.Now.Add(LeaseTime).UnixMicro())
		held = changed == 1
		return err
	})
	return held, err
}
