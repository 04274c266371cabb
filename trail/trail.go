// Package trail is the format of Usher's audit trail, for those who write it and for those who check it.
//
// A [Record] says who did what, in which context, with which outcome. Its canonical bytes, as [Record.Encode]
// builds them, are the leaf of a tenant's Merkle tree: they are made once, stored, and never serialised again.
// Whoever checks a trail hashes the stored bytes first and only then reads them, with [Parse], which accepts
// nothing but the canonical form.
//
// No personal data stands in a record. Where such a value has to be provable later, the record holds a
// [Commitment] to it; value and salt live elsewhere and can be erased without breaking any proof.
//
// The package does no input or output, keeps no state and needs nothing but the standard library.
package trail

// Version is the version of the record format that this package reads and writes.
const Version = 1

// The bounds of a record. They keep one hostile request from filling the trail, and are part of the format:
// bytes beyond them are refused by [Parse] as well.
const (
	MaxRecord  = 16 << 10 // bytes of an encoded record
	MaxText    = 256      // bytes of one string
	MaxRoles   = 64       // roles of an actor
	MaxTargets = 100      // targets of a record; an operation on more writes several records
)
