//go:build !unix

package store

import (
	"errors"
	"os"
)

// lockExclusive refuses: serving without a lock could let two processes write, so it is not done.
func lockExclusive(*os.File) error {
	return errors.New("taking the lock: this operating system is not supported; use --postgres")
}
