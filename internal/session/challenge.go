package session

import (
	"context"
	"errors"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/seal"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// challengeLife is how long a sign-in may wait between the password and the second factor.
const challengeLife = 5 * time.Minute

// challenge is a sign-in of which the password was right and the second factor is still to come. It is
// bound to how tenant and user stood then: whatever voids their access tokens voids it too.
type challenge struct {
	id, user string
	hash     []byte // of the secret
	enrols   bool   // the user has no second factor yet and must get one first
	epochs   Epochs
	expires  time.Time
}

// refusal is what the client hears instead of an answer, with the secret to go on with.
func (c challenge) refusal(secret seal.Opaque) *fault.Error {
	code := ErrMFARequired
	if c.enrols {
		code = caller.ErrMustEnrol
	}
	return &fault.Error{Code: code, Challenge: &fault.Challenge{Text: secret.Text(), ExpiresAt: c.expires}}
}

// challenged stores a challenge for a user whose password was right, when a second factor is due: they
// have one, or must get one. It returns nil when the password is enough.
func (s *Service) challenged(ctx context.Context, tx *store.Tx, user string) (*fault.Error, error) {
	t, u, err := admitted(ctx, tx, user)
	if err != nil {
		return nil, err
	}
	p, err := s.config.Policy.At(ctx, tx, t.PolicyVersion)
	if err != nil || !u.Enrolled && !p.DemandsSecondFactor(u.ID, tx.Now) {
		return nil, err
	}
	secret := seal.NewOpaque(t.ID, store.NewID(tx.Now))
	c := challenge{
		id: secret.ID, user: u.ID, hash: secret.Hash(), enrols: !u.Enrolled,
		epochs: Epochs{Tenant: t.Epoch, User: u.Epoch}, expires: tx.Now.Add(challengeLife),
	}
	if err := dropChallenges(ctx, tx); err != nil {
		return nil, err
	}
	return c.refusal(secret), insertChallenge(ctx, tx, c)
}

// errNoChallenge is a mistake of whoever begins a sign-in for somebody who needs no second factor.
var errNoChallenge = errors.New("session: a challenge for a user of whom no second factor is demanded")

// Challenge begins, in the transaction, the sign-in of somebody who has just chosen a password and of
// whom a second factor is demanded, and returns what it goes on with.
func (s *Service) Challenge(ctx context.Context, tx *store.Tx, user string) (fault.Challenge, error) {
	refused, err := s.challenged(ctx, tx, user)
	if err == nil && refused == nil {
		err = errNoChallenge
	}
	if err != nil {
		return fault.Challenge{}, err
	}
	return *refused.Challenge, nil
}

// proceeding is a sign-in that goes on with its challenge.
type proceeding struct {
	challenge
	tenant tenant.Tenant
	user   identity.User
}

// proceed finds the sign-in that a challenge belongs to and checks again everything that the password
// was checked with. The errors are [ErrBadChallenge], where nobody is known whose it is, and a
// [refusal], with which the proceeding names its user.
func proceed(ctx context.Context, tx *store.Tx, secret seal.Opaque) (p proceeding, err error) {
	if p.tenant, err = tenant.Find(ctx, tx); err != nil {
		return p, badChallenge(err)
	}
	api.CallFrom(ctx).Trail = p.tenant.ID
	if p.challenge, err = findChallenge(ctx, tx, secret.ID); err != nil {
		return p, badChallenge(err)
	}
	if !secret.Matches(p.hash) {
		return p, ErrBadChallenge
	}
	if p.user, err = identity.Find(ctx, tx, p.challenge.user); err != nil {
		return p, badChallenge(err)
	}
	epochs := Epochs{Tenant: p.tenant.Epoch, User: p.user.Epoch}
	if !tx.Now.Before(p.expires) || p.epochs != epochs {
		return p, refusedChallenge
	}
	return p, admit(p.tenant, p.user)
}

// badChallenge hides what was not found; a database that fails is no bad challenge.
func badChallenge(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return ErrBadChallenge
	}
	return err
}
