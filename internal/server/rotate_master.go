package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/seal"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
	"github.com/usher-desk/usher/trail"
)

// MasterRotation says what a rotation of the master key has done.
type MasterRotation struct {
	KeyFile string // of the new key: give it with --master-key where it is another than before
	Kept    string // the file of the former key
}

// RotateMaster seals everything in the database with another master key, while nobody serves. With given, the file of
// a key, that one is used from then on and nothing is written beside the database; otherwise a new key takes the place of the
// former one, which is kept under another name because it opens older copies of the database.
//
// The new key is on disk before anything is sealed with it, and the check value in the database says at each moment which of
// the files is the right one, so that an interruption at any point leaves what [Place.Open] opens.
func RotateMaster(ctx context.Context, p Place, given string) (done MasterRotation, err error) {
	r, err := beginMasterRotation(ctx, p, given)
	if err != nil {
		return MasterRotation{}, err
	}
	defer func() { err = errors.Join(err, r.installation.Close()) }()
	for _, step := range r.steps() {
		if err := step(ctx); err != nil {
			return MasterRotation{}, err
		}
	}
	return r.done(), nil
}

type masterRotation struct {
	place        Place
	installation *Installation
	given        string
	next         *seal.Key
}

func beginMasterRotation(ctx context.Context, p Place, given string) (*masterRotation, error) {
	installation, err := p.Alone(ctx, false)
	if err != nil {
		return nil, err
	}
	return &masterRotation{place: p, installation: installation, given: given}, nil
}

// steps are what is done one after the other. Each has taken effect, also on disk, when the next begins.
func (r *masterRotation) steps() []func(context.Context) error {
	if r.given != "" {
		return []func(context.Context) error{r.readGiven, r.reseal}
	}
	return []func(context.Context) error{r.makeKey, r.reseal, r.keepFormer, r.putInPlace}
}

func (r *masterRotation) readGiven(context.Context) (err error) {
	if r.next, err = seal.ReadKeyFile(r.given); err == nil && r.next.ID() == r.installation.Master.ID() {
		err = fmt.Errorf("%s: everything is sealed with this key already", r.given)
	}
	return err
}

// makeKey writes the new key beside the one in use. One that an interrupted rotation left there has sealed nothing, unless
// it could not be put in place.
func (r *masterRotation) makeKey(context.Context) (err error) {
	if left, err := seal.ReadKeyFile(r.place.newKeyFile()); err == nil && left.ID() == r.installation.Master.ID() {
		return fmt.Errorf("the key in use lies in %s: move it to %s first", r.place.newKeyFile(), r.place.keyFile())
	}
	if err := os.Remove(r.place.newKeyFile()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	r.next, err = seal.CreateKeyFile(r.place.newKeyFile())
	return err
}

func (r *masterRotation) reseal(ctx context.Context) error {
	address, _, err := r.installation.Address(ctx, "")
	if err != nil {
		return err
	}
	s, err := r.installation.tool(ctx, address)
	if err != nil {
		return err
	}
	check, err := r.next.CheckValue()
	if err != nil {
		return err
	}
	return r.installation.DB.Across(ctx, store.MasterKey, func(span *store.Span) error {
		if err := replaceFact(ctx, span, masterFact, check); err != nil {
			return err
		}
		if err := resealAll(ctx, span, r.installation.Master, r.next); err != nil {
			return err
		}
		return span.In(ctx, tenant.Platform, func(tx *store.Tx) error {
			return s.Audit.AppendAct(ctx, tx, audit.Act{Op: trail.CLI, Event: "master_key.rotate", Targets: []trail.Ref{
				{Type: "master_key", ID: r.next.ID()}, {Type: "master_key", ID: r.installation.Master.ID()},
			}})
		})
	})
}

func replaceFact(ctx context.Context, span *store.Span, name, value string) error {
	changed, err := span.Exec(ctx, `UPDATE server_facts SET value = $2 WHERE name = $1`, name, value)
	if err == nil && changed != 1 {
		err = ErrEmpty
	}
	return err
}

func (r *masterRotation) keepFormer(context.Context) error { return r.place.keepKeyFile() }

func (r *masterRotation) putInPlace(context.Context) error { return r.place.replaceKeyFile() }

func (r *masterRotation) done() MasterRotation {
	if r.given != "" {
		return MasterRotation{KeyFile: r.given, Kept: r.place.keyFile()}
	}
	return MasterRotation{KeyFile: r.place.keyFile(), Kept: r.place.oldKeyFile(r.installation.Master.ID())}
}
