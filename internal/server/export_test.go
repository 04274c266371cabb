package server

import (
	"context"
	"errors"
)

// InterruptedMasterRotation does the first steps of [RotateMaster] and no more, as a process that is killed. It tells how many
// steps there are.
func InterruptedMasterRotation(ctx context.Context, p Place, given string, steps int) (all int, err error) {
	r, err := beginMasterRotation(ctx, p, given)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, r.installation.Close()) }() // the operating system would
	for _, step := range r.steps()[:steps] {
		if err := step(ctx); err != nil {
			return 0, err
		}
	}
	return len(r.steps()), nil
}

// SealedTables are the tables that a rotation of the master key knows.
func SealedTables() (names []string) {
	for _, table := range sealedTables {
		names = append(names, table.names...)
	}
	return names
}

// InterruptedRestore does the first steps of [Restore] and no more, as a process that is killed. It tells how many steps
// there are.
func InterruptedRestore(ctx context.Context, p Place, o RestoreOrder, steps int) (all int, err error) {
	r, err := beginRestore(p, o)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, r.lock.Release()) }() // the operating system would
	for _, step := range r.steps()[:steps] {
		if err := step(ctx); err != nil {
			return 0, err
		}
	}
	return len(r.steps()), nil
}

// FreeOn is how many bytes are left on the disk of a folder.
var FreeOn = freeOn
