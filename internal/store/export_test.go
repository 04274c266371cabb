package store

import "time"

// WithLeaseTime is db with leases that outlive their last renewal by d.
func WithLeaseTime(db *DB, d time.Duration) *DB {
	other := *db
	other.leaseTime = d
	return &other
}

// EndOfWork is the first number that is no work across tenants.
const EndOfWork = endOfWork

// MaxPrepared is how many statements a connection keeps.
const MaxPrepared = maxPrepared
