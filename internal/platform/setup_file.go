package platform

import (
	"errors"
	"io/fs"
	"os"
)

// SetUpFile is the file that the link of the first start lies in while it is good; "" for none.
type SetUpFile string

// write replaces what is there. Nobody but the owner ever reads it.
func (f SetUpFile) write(link string) error {
	if f == "" {
		return nil
	}
	if err := f.remove(); err != nil {
		return err
	}
	file, err := os.OpenFile(string(f), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(link + "\n")
	return errors.Join(err, file.Close())
}

func (f SetUpFile) remove() error {
	if f == "" {
		return nil
	}
	if err := os.Remove(string(f)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
