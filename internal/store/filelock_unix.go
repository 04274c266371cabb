//go:build unix

package store

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

func lockExclusive(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return ErrServed
	}
	if err != nil {
		return fmt.Errorf("taking the lock: %w", err)
	}
	return nil
}
