package session

import (
	"context"
	"errors"

	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/store"
)

// codeBrakes are the counter that a try to give a code of a user's second factor falls under. Like a try of a password it is
// counted apart in a browser that is known for the user: whoever has got hold of the password must not hold back the codes
// of its owner. device is "" for every other browser; what those try counts together, see [identity.Service.TakeFactorTry].
func (s *Service) codeBrakes(home, user, device string) brakes {
	b := brakes{home: home, apart: device != ""}
	if b.apart {
		b.pair = s.counter("codes", home, user, device)
	}
	return b
}

// takeCode counts a try to give a code, as [Service.take] does one to give a password.
func (s *Service) takeCode(ctx context.Context, b brakes, user string) (t try, err error) {
	if b.apart {
		return s.take(ctx, b)
	}
	t.burst, err = s.config.Identity.TakeFactorTry(ctx, b.home, user)
	return t, err
}

// forgiveCode is [try.forgive] after the right code of a user. What others have failed with stays counted against them, or
// each step-up of its owner would let whoever knows the password guess anew.
func (t try) forgiveCode(ctx context.Context, tx *store.Tx, user string) error {
	if t.apart {
		return t.forgive(ctx, tx)
	}
	return identity.ForgiveFactorTries(ctx, tx, user)
}

// takeOwnCode counts a try of somebody who is signed in. Their browser is the one that the session began in.
func (s *Service) takeOwnCode(ctx context.Context, by *caller.Caller, code string) (a attempt, err error) {
	a = attempt{home: by.Tenant, user: &identity.User{ID: by.User}, method: string(identity.FactorMethodOf(code)), from: originOf(ctx)}
	err = s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) error {
		device, err := knownDeviceOf(ctx, tx, by.User, by.Session)
		a.brakes = s.codeBrakes(by.Tenant, by.User, device)
		return err
	})
	if err == nil {
		a.try, err = s.takeCode(ctx, a.brakes, by.User)
	}
	return a, err
}

// failOwnCode logs the wrong code with which a burst begins, as [Service.failProof] does a password.
func (s *Service) failOwnCode(ctx context.Context, a attempt, err error) error {
	if a.try.burst && errors.Is(err, identity.ErrWrongCode) {
		if unlogged := s.logFailure(ctx, a, refusedCode); unlogged != nil {
			return unlogged
		}
	}
	return err
}
