package session

import (
	"context"
	"errors"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// signIn signs in, or says why not. Everything that fails takes the same steps: one look-up, one
// counted try, one comparison of a password, one line in the log, one answer. A right password is
// answered with a challenge where a second factor is due; before that nobody learns whether one is.
func (s *Service) signIn(ctx context.Context, slug, name, password string, b browser) (issued, error) {
	a, err := s.attempt(ctx, slug, name, b)
	if err != nil {
		return issued{}, err
	}
	if a.try, err = s.take(ctx, a.brakes); err != nil {
		return issued{}, s.tooEarly(ctx, a, err)
	}
	err = s.judge(ctx, a, password)
	if err == nil {
		err = s.spare(ctx, a)
	}
	var i issued
	if err == nil {
		i, err = s.enter(ctx, a, password)
	}
	var reason refusal
	if errors.As(err, &reason) {
		err = s.fail(ctx, a, reason)
	}
	return i, err
}

// judge compares the password, always once, and looks at everything else only then.
func (s *Service) judge(ctx context.Context, a attempt, password string) error {
	var hash *string
	if a.user != nil {
		hash = a.user.PasswordHash
	}
	err := s.config.Identity.Verify(ctx, hash, password)
	switch {
	case err != nil && !errors.Is(err, identity.ErrWrongPassword):
		return errors.Join(err, s.giveBack(ctx, a.try))
	case a.tenant == nil:
		return refusedTenant
	case a.user == nil:
		return refusedUser
	case err != nil && hash != nil:
		return refusedWrong
	}
	return admit(*a.tenant, *a.user)
}

// spare refuses who signs in too often for a disk that is nearly full. It is no failure.
func (s *Service) spare(ctx context.Context, a attempt) error {
	sparing := api.SparingEntry
	if a.try.apart {
		sparing = api.Sparing
	}
	err := sparing(ctx, a.home, a.user.ID)
	if err != nil {
		err = errors.Join(err, s.giveBack(ctx, a.try))
	}
	return err
}

// enter begins the session that a verified password has earned, or returns the challenge to go on with.
func (s *Service) enter(ctx context.Context, a attempt, password string) (i issued, err error) {
	hash, err := s.renewedHash(ctx, *a.user.PasswordHash, password)
	if err != nil {
		return issued{}, err
	}
	var due *fault.Error
	err = s.config.DB.Write(ctx, a.home, func(tx *store.Tx) error {
		if _, err := tenant.Share(ctx, tx); err != nil { // a suspension waits, and ends the session too
			return err
		}
		held, err := holdPassword(ctx, tx, a.user.ID, *a.user.PasswordHash, hash)
		if err == nil && !held {
			err = refusedSuperseded
		}
		if err != nil {
			return err
		}
		if err := a.try.forgive(ctx, tx); err != nil {
			return err
		}
		if due, err = s.challenged(ctx, tx, a.user.ID); err != nil {
			return err
		}
		if due != nil {
			return s.pause(ctx, tx, a, due.Code)
		}
		i, err = s.begin(ctx, tx, a, amrPassword)
		return err
	})
	if err == nil && due != nil {
		err = due
	}
	return i, err
}

// begin begins a session and logs and records that.
func (s *Service) begin(ctx context.Context, tx *store.Tx, a attempt, amr ...string) (issued, error) {
	i, err := s.establish(ctx, tx, proof{session: store.NewID(tx.Now), user: a.user.ID, amr: amr}, a.from, a.browser)
	if err != nil {
		return issued{}, err
	}
	if err := logSignIn(ctx, tx, a.line(signInSuccess, "").with(i.browser)); err != nil {
		return issued{}, err
	}
	return i, s.record(ctx, tx, i)
}

// pause logs and records that the sign-in waits for the second factor. Whoever never shows one has got
// hold of a password.
func (s *Service) pause(ctx context.Context, tx *store.Tx, a attempt, code *fault.Code) error {
	if err := logSignIn(ctx, tx, a.line(signInChallenged, refusal(code.Name))); err != nil {
		return err
	}
	return s.config.Audit.AppendRefusal(ctx, tx, code)
}

// renewedHash is the hash that belongs in the user's row: another one when the cost has changed.
func (s *Service) renewedHash(ctx context.Context, hash, password string) (string, error) {
	if !s.config.Identity.Outdated(hash) {
		return hash, nil
	}
	return s.config.Identity.Rehash(ctx, password)
}

// fail logs a failure. Whoever tried is told nothing but that it failed.
func (s *Service) fail(ctx context.Context, a attempt, reason refusal) error {
	if err := s.logFailure(ctx, a, reason); err != nil {
		return err
	}
	return ErrBadCredentials.Because(reason)
}

// tooEarly logs a try that nobody looked at.
func (s *Service) tooEarly(ctx context.Context, a attempt, refused error) error {
	if !errors.Is(refused, fault.ErrSlowDown) {
		return refused
	}
	if err := s.logFailure(ctx, a, refusedEarly); err != nil {
		return err
	}
	return refused
}

// logFailure logs a failure in a transaction of its own, unless it is one of a flood. It stays in the
// log although whoever tried may not wait for the answer.
func (s *Service) logFailure(ctx context.Context, a attempt, reason refusal) error {
	absorbed := s.floods.absorb(a, reason)
	if a.try.burst {
		s.figures.burst(a, absorbed)
	}
	if absorbed {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	return s.config.DB.Write(ctx, a.home, func(tx *store.Tx) error {
		if err := dropForgiven(ctx, tx); err != nil {
			return err
		}
		return logSignIn(ctx, tx, a.line(signInFailure, reason))
	})
}
