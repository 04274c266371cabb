package session

import (
	"context"
	"errors"

	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
	"github.com/usher-desk/usher/trail"
)

// Rotation says how and why the signing key is replaced.
type Rotation string

// The rotations. Their names stand in records.
const (
	Scheduled Rotation = "scheduled" // by a node, because of the key's age
	Ordered   Rotation = "ordered"   // by a person
	Immediate Rotation = "immediate" // by a person, after a compromise: the old keys' tokens are refused at once
)

// errNoKeys means that nobody has served the database yet.
var errNoKeys = errors.New("there is no signing key yet: the first start of usher serve makes one")

// RotateKeys makes a new signing key. It is published at once and signs two hours later, when whoever has fetched
// the public keys knows it; the old one stays published until its last token has expired. With [Immediate] it signs at
// once, and every other key is removed.
//
// Nodes may be serving: this one obeys when RotateKeys returns, others within a second. The errors are [ErrRotating]
// and [ErrRotated].
func (s *Service) RotateKeys(ctx context.Context, how Rotation) (KeyState, error) {
	fresh, err := s.newRingKey()
	if err != nil {
		return KeyState{}, err
	}
	seen, err := s.storedRing(ctx)
	if err != nil {
		return KeyState{}, err
	}
	if len(seen.keys) == 0 {
		return KeyState{}, errNoKeys
	}
	err = s.config.DB.Across(ctx, store.SigningKeys, func(span *store.Span) error {
		return s.rotateKeys(ctx, span, seen.newest(), &fresh, how)
	})
	if err != nil {
		return KeyState{}, err
	}
	s.refreshKeys(ctx)
	use := KeyWaits
	if how == Immediate {
		use = KeySigns
	}
	return KeyState{ID: fresh.id, Use: use, SignsFrom: fresh.signsFrom}, nil
}

// rotateKeys goes on when the newest key is still the one that was seen.
func (s *Service) rotateKeys(ctx context.Context, span *store.Span, seen ringKey, fresh *ringKey, how Rotation) error {
	held, err := holdNewest(ctx, span, seen)
	if err == nil && !held {
		err = ErrRotated
	}
	if err != nil {
		return err
	}
	stored, err := storedKeys(ctx, span)
	if err != nil {
		return err
	}
	plan, err := (&keyring{stored}).rotate(span.Now, how == Immediate)
	if err != nil {
		return err
	}
	fresh.signsFrom = plan.signsFrom
	if err := plan.apply(ctx, span, *fresh); err != nil {
		return err
	}
	return s.recordRotation(ctx, span, plan, *fresh, how)
}

func (p rotation) apply(ctx context.Context, span *store.Span, fresh ringKey) error {
	for _, id := range p.removes {
		if err := deleteKey(ctx, span, id); err != nil {
			return err
		}
	}
	if p.retires.id != "" {
		if err := retireKey(ctx, span, p.retires); err != nil {
			return err
		}
	}
	return insertKey(ctx, span, fresh)
}

// recordRotation tells the platform's trail which keys are new, retired and removed.
func (s *Service) recordRotation(ctx context.Context, span *store.Span, p rotation, fresh ringKey, how Rotation) error {
	act := audit.Act{Op: trail.CLI, Event: "signing_key.rotate"}
	if how == Scheduled {
		act.Op = trail.Job
	}
	act.Change.Values("rotation", nil, []string{string(how)})
	for _, id := range append([]string{fresh.id, p.retires.id}, p.removes...) {
		if id != "" {
			act.Targets = append(act.Targets, trail.Ref{Type: "signing_key", ID: id})
		}
	}
	return span.In(ctx, tenant.Platform, func(tx *store.Tx) error { return s.config.Audit.AppendAct(ctx, tx, act) })
}
