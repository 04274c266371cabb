package store

import "time"

// WithLeaseTime is db with leases that outlive their last renewal by d.
func WithLeaseTime(db *DB, d time.Duration) *DB {
	other := *db
	other.leaseTime = d
	return &other
}

// BatchTime is how long the answers to so many statements may take together.
var BatchTime = batchTime

// MaxPending is how many statements travel together at most.
const MaxPending = maxPending

// EndOfWork is the first number that is no work across tenants.
const EndOfWork = endOfWork

// MaxPrepared is how many statements a connection keeps.
const MaxPrepared = maxPrepared
