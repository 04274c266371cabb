package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/usher-desk/usher/internal/seal"
	"github.com/usher-desk/usher/internal/store"
)

// masterFact is where the installation keeps what only its own key can open.
const masterFact = "master_key_check"

func (p Place) readKey(ctx context.Context, db *store.DB) (*seal.Key, error) {
	check, err := db.Fact(ctx, masterFact)
	if err != nil {
		return nil, err
	}
	if check == "" {
		return nil, ErrEmpty
	}
	return p.checkedKey(check)
}

// checkedKey reads the key that opens the check value. A rotation that was interrupted after it took effect left that
// key beside the former one.
func (p Place) checkedKey(check string) (*seal.Key, error) {
	if p.keyFile() == "" {
		return nil, ErrNoKey
	}
	key, err := readChecked(p.keyFile(), check)
	beside, besideErr := readChecked(p.newKeyFile(), check)
	switch {
	case err == nil && !errors.Is(besideErr, ErrNoKey):
		slog.Warn("a rotation of the master key was interrupted before it took effect; the key that it made opens nothing",
			"used", p.keyFile(), "not used", p.newKeyFile())
	case err != nil && besideErr == nil:
		slog.Warn("a rotation of the master key was interrupted after it took effect; the key that it made is put in place", "used", p.newKeyFile())
		if err := p.replaceKeyFile(); err != nil {
			slog.Warn("the key could not be put in place and stays where it is", "cause", err)
		}
		return beside, nil
	}
	return key, err
}

// readChecked returns [ErrNoKey] when there is no file, and [ErrOtherKey] when its key does not open the check value.
func readChecked(path, check string) (*seal.Key, error) {
	key, err := seal.ReadKeyFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s: %w", path, ErrNoKey)
	case err != nil:
		return nil, err
	case key.Verify(check) != nil:
		return nil, fmt.Errorf("%s: %w", path, ErrOtherKey)
	}
	return key, nil
}

// readOrMakeKey makes a key only for a database that has sealed nothing: any other one would be lost.
// A key file that is there already is taken as given.
func (p Place) readOrMakeKey(ctx context.Context, db *store.DB) (*seal.Key, error) {
	check, err := db.Fact(ctx, masterFact)
	if err != nil {
		return nil, err
	}
	if check != "" {
		return p.checkedKey(check)
	}
	if p.keyFile() == "" {
		return nil, errors.New("say where the master key goes: --master-key FILE or --data DIR")
	}
	key, err := p.givenOrNewKey()
	if err != nil {
		return nil, err
	}
	if check, err = key.CheckValue(); err != nil {
		return nil, err
	}
	return key, db.SetFact(ctx, masterFact, check)
}

func (p Place) givenOrNewKey() (*seal.Key, error) {
	key, err := seal.ReadKeyFile(p.keyFile())
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if err := os.MkdirAll(filepath.Dir(p.keyFile()), 0o700); err != nil {
		return nil, err
	}
	return seal.CreateKeyFile(p.keyFile())
}

// newKeyFile is where a rotation keeps the new key until everything is sealed with it.
func (p Place) newKeyFile() string { return p.keyFile() + ".new" }

// oldKeyFile is where a rotation keeps a former key. The name holds the key's id, so that no key is written over.
func (p Place) oldKeyFile(id string) string { return p.keyFile() + "." + id + ".old" }

// replaceKeyFile keeps the former key and puts the new one in its place. It may be done again, and by two at once.
func (p Place) replaceKeyFile() error {
	if err := p.keepKeyFile(); err != nil {
		return err
	}
	err := seal.MoveKeyFile(p.newKeyFile(), p.keyFile())
	if errors.Is(err, fs.ErrNotExist) {
		return nil // somebody else has moved it
	}
	return err
}

// keepKeyFile makes a copy of the key file under its old name. What a crash left of an earlier copy is made anew.
func (p Place) keepKeyFile() error {
	key, err := seal.ReadKeyFile(p.keyFile())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	path := p.oldKeyFile(key.ID())
	if kept, err := seal.ReadKeyFile(path); err == nil && kept.ID() == key.ID() {
		return nil
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return key.WriteFile(path)
}
