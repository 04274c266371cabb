package seal

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/usher-desk/usher/internal/durable"
)

// CreateKeyFile makes a new master key and writes its 32 bytes to path with mode 0600. A file that exists is never
// touched: overwriting a key destroys everything it sealed. When CreateKeyFile returns, the key survives a power cut.
func CreateKeyFile(path string) (*Key, error) {
	master := make([]byte, KeySize)
	rand.Read(master) // never fails; the program ends when the system has no randomness
	k, err := NewKey(master)
	if err != nil {
		return nil, err
	}
	if err := k.WriteFile(path); err != nil {
		return nil, err
	}
	return k, nil
}

// WriteFile writes the key to a new file, as [CreateKeyFile] does. A file that exists is never touched; the error is
// then [fs.ErrExist].
func (k *Key) WriteFile(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("create the master key: %w", err)
	}
	if err := writeDurably(f, k.master); err != nil {
		os.Remove(path) // ours, and of no use; it was made a moment ago with O_EXCL
		return fmt.Errorf("create the master key: %w", err)
	}
	return nil
}

// MoveKeyFile gives a key file another name, in place of the file that has it. There is always one file of that name,
// and when MoveKeyFile returns, that survives a power cut.
func MoveKeyFile(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return fmt.Errorf("move the master key: %w", err)
	}
	return durable.Sync(filepath.Dir(to))
}

// writeDurably writes, syncs and closes f, and then syncs the folder, without which the file's name could be lost.
func writeDurably(f *os.File, b []byte) error {
	_, err := f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return durable.Sync(filepath.Dir(f.Name()))
}

// ReadKeyFile reads the master key in path. It refuses a file that anybody but its owner may read or write, anything
// but a regular file, and one that has not exactly 32 bytes.
func ReadKeyFile(path string) (*Key, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the master key: %w", err)
	}
	defer f.Close()
	info, err := f.Stat() // of the opened file, which nobody can exchange any more
	if err != nil {
		return nil, fmt.Errorf("read the master key: %w", err)
	}
	switch mode := info.Mode(); {
	case !mode.IsRegular():
		return nil, fmt.Errorf("the master key %s is not a regular file", path)
	case mode.Perm()&0o077 != 0:
		return nil, fmt.Errorf("the master key %s has mode %04o and is open to others; make it 0600", path, mode.Perm())
	case info.Size() != KeySize:
		return nil, fmt.Errorf("the master key %s has %d bytes, not %d", path, info.Size(), KeySize)
	}
	master := make([]byte, KeySize)
	if _, err := io.ReadFull(f, master); err != nil {
		return nil, fmt.Errorf("read the master key: %w", err)
	}
	return NewKey(master)
}
