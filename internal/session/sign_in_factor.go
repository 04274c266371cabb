package session

import (
	"context"
	"errors"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/seal"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// signInByCode finishes a sign-in with its challenge and a code of the second factor. Where there was
// none yet, the code confirms the one that was shown, and recovery codes come back with the session.
// A wrong code leaves the challenge as it is: the slow-down of codes bounds the guesses.
func (s *Service) signInByCode(ctx context.Context, text, code string, b browser) (i issued, err error) {
	secret, a, err := s.resume(ctx, text, b)
	if err != nil {
		return issued{}, err
	}
	a.method = string(identity.FactorMethodOf(code))
	if a.try, err = s.takeCode(ctx, a.brakes, a.user.ID); err != nil {
		return issued{}, s.tooEarly(ctx, a, err)
	}
	err = s.config.DB.Write(ctx, a.home, func(tx *store.Tx) error {
		i, err = s.complete(ctx, tx, a, secret, code)
		return err
	})
	return i, s.stopped(ctx, a, err)
}

// resume finds the attempt that a challenge belongs to, in a transaction that only reads: strangers who
// send made-up challenges do not hold up those who write.
func (s *Service) resume(ctx context.Context, text string, b browser) (seal.Opaque, attempt, error) {
	secret, ok := seal.ParseOpaque(text, seal.OpaqueSize)
	if !ok {
		return secret, attempt{}, ErrBadChallenge
	}
	a := attempt{home: secret.Tenant, method: methodTOTP, from: originOf(ctx), browser: b}
	err := s.config.DB.Read(ctx, secret.Tenant, func(tx *store.Tx) error {
		p, err := proceed(ctx, tx, secret)
		a.tenant, a.user, a.name = &p.tenant, &p.user, p.user.Username
		if err != nil {
			return err
		}
		known, _, err := b.knownFor(ctx, tx, p.user.ID)
		a.brakes = s.codeBrakes(a.home, p.user.ID, known.id)
		return err
	})
	if a.user == nil || a.user.ID == "" { // nobody is known whose it is
		return secret, a, err
	}
	a.note(ctx)
	return secret, a, s.stopped(ctx, a, err)
}

// complete exchanges challenge and code for a session. Everything is looked at again, while the rows of
// tenant and user are held: what voids the challenge has happened, or waits.
func (s *Service) complete(ctx context.Context, tx *store.Tx, a attempt, secret seal.Opaque, code string) (issued, error) {
	if _, err := tenant.Share(ctx, tx); err != nil {
		return issued{}, err
	}
	if err := holdUser(ctx, tx, a.user.ID); err != nil {
		return issued{}, err
	}
	p, err := proceed(ctx, tx, secret)
	if err != nil {
		return issued{}, err
	}
	if err := useChallenge(ctx, tx, p.id); err != nil {
		return issued{}, badChallenge(err)
	}
	var recovery []string
	if p.enrols {
		recovery, err = s.enrol(ctx, tx, a.user.ID, code)
	} else {
		_, err = s.config.Identity.UseFactor(ctx, tx, a.user.ID, code)
	}
	if err != nil {
		return issued{}, err
	}
	if err := a.try.forgiveCode(ctx, tx, a.user.ID); err != nil {
		return issued{}, err
	}
	i, err := s.begin(ctx, tx, a, amrPassword, amrFactor)
	i.recovery = recovery
	return i, err
}

// enrol confirms the second factor that was shown. Like any other change of it, this ends sessions
// from before.
func (s *Service) enrol(ctx context.Context, tx *store.Tx, user, code string) ([]string, error) {
	recovery, err := s.config.Identity.ConfirmEnrolment(ctx, tx, user, code)
	if err != nil {
		return nil, err
	}
	api.ChangedSomehow(ctx, "second_factor")
	return recovery, s.EndSessions(ctx, tx, user, "", endedFactor)
}

// stopped logs why a sign-in did not go on, and tells whoever tried nothing but whether it was the code.
func (s *Service) stopped(ctx context.Context, a attempt, err error) error {
	var reason refusal
	switch {
	case errors.Is(err, identity.ErrWrongCode):
		reason = refusedCode
	case errors.As(err, &reason):
		err = ErrBadChallenge.Because(reason)
	default:
		return err
	}
	if unlogged := s.logFailure(ctx, a, reason); unlogged != nil {
		return unlogged
	}
	return err
}

// signInEnrolment shows a new second factor to a user who must get one before they can sign in.
func (s *Service) signInEnrolment(ctx context.Context, text string) (e identity.Enrolment, err error) {
	secret, a, err := s.resume(ctx, text, nil)
	if err != nil {
		return e, err
	}
	if err := api.SparingEntry(ctx, a.home, a.user.ID); err != nil {
		return e, err
	}
	err = s.config.DB.Write(ctx, a.home, func(tx *store.Tx) error {
		if err := holdUser(ctx, tx, a.user.ID); err != nil {
			return err
		}
		p, err := proceed(ctx, tx, secret)
		if err != nil {
			return err
		}
		if !p.enrols {
			return ErrBadChallenge
		}
		if e, err = s.config.Identity.BeginEnrolment(ctx, tx, a.user.ID); err != nil {
			return err
		}
		return s.config.Audit.Append(ctx, tx)
	})
	return e, s.stopped(ctx, a, err)
}
