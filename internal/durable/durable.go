// Package durable is for what has to outlive a power cut.
package durable

import (
	"errors"
	"os"
)

// Sync sees the bytes of a file, or the names in a folder, to the disk. A file that was made, renamed or removed needs
// its folder synced: until then a power cut may bring back the names that were there before.
func Sync(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
