package store

import (
	"fmt"
	"os"
)

// FileLock is held by the one process that may serve a SQLite database. The operating system
// releases it when the process ends, however it ends.
type FileLock struct{ file *os.File }

// LockFile takes the lock that the file at path stands for, creating the file if need be;
// [ErrServed] when somebody has it.
func LockFile(path string) (*FileLock, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the lock: %w", err)
	}
	if err := lockExclusive(f); err != nil {
		f.Close()
		return nil, err
	}
	return &FileLock{f}, nil
}

// Release gives the lock up.
func (l *FileLock) Release() error { return l.file.Close() }
