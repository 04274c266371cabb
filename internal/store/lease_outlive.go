package store

import (
	"context"
	"maps"
	"slices"
	"time"
)

// leaseMark changes with each taking and each renewal. The fence alone would not do: it begins anew
// with each holder.
type leaseMark struct {
	name   string
	holder string
	fence  int64
}

// leases are the rows that are there, by name.
func (db *DB) leases(ctx context.Context) (map[string]leaseMark, error) {
	found := map[string]leaseMark{}
	err := db.AcrossRead(ctx, Leases, func(s *Span) error {
		clear(found)
		marks, err := CollectAcross(ctx, s, scanLease, `SELECT l.name, l.holder, l.fence FROM server_leases l`)
		for _, m := range marks {
			found[m.name] = m
		}
		return err
	})
	return found, err
}

func scanLease(r Row) (m leaseMark, err error) {
	err = r.Scan(&m.name, &m.holder, &m.fence)
	return m, err
}

// outlive waits until every lease that is meant has been released or has stood still for the lease's time, and
// removes the latter: whoever wakes up late finds that the lease is lost. It returns errHeld, and whose lease it
// is, as soon as one is seen to be renewed.
func (db *DB) outlive(ctx context.Context, meant func(name string) bool) (holder string, err error) {
	seen, err := db.leases(ctx)
	if err != nil {
		return "", err
	}
	maps.DeleteFunc(seen, func(name string, _ leaseMark) bool { return !meant(name) })
	for end := time.Now().Add(db.leaseTime); len(seen) > 0 && time.Now().Before(end); {
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(db.leaseTime / 12):
		}
		if holder, err := db.compare(ctx, seen); err != nil {
			return holder, err
		}
	}
	for _, mark := range seen {
		if err := db.bury(ctx, mark); err != nil {
			return mark.name, err
		}
	}
	return "", nil
}

// compare looks at the leases again and drops those that are gone.
func (db *DB) compare(ctx context.Context, seen map[string]leaseMark) (holder string, err error) {
	now, err := db.leases(ctx)
	if err != nil {
		return "", err
	}
	for _, name := range slices.Sorted(maps.Keys(seen)) {
		switch mark, there := now[name]; {
		case !there:
			delete(seen, name)
		case mark != seen[name]:
			return name, errHeld
		}
	}
	return "", nil
}

// bury removes the lease of a dead holder, unless it has changed since it was seen.
func (db *DB) bury(ctx context.Context, dead leaseMark) error {
	return db.Across(ctx, Leases, func(s *Span) error {
		_, err := s.Exec(ctx, `DELETE FROM server_leases WHERE name = $1 AND holder = $2 AND fence = $3`, dead.name, dead.holder, dead.fence)
		if err != nil {
			return err
		}
		var left int
		err = s.QueryRow(ctx, `SELECT count(*) FROM server_leases WHERE name = $1`, []any{dead.name}, &left)
		if err == nil && left > 0 {
			err = errHeld
		}
		return err
	})
}
