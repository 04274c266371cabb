package session

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/store"
)

// errFactorDemanded keeps people from taking away what they could not sign in without.
var errFactorDemanded = fault.Define(fault.Conflict, "second_factor_demanded",
	"The tenant, or one of your roles, demands a second factor.", "您的租户或角色要求启用两步验证。",
	"Replace it by enrolling another.")

// enrolFactor shows a new second factor to a user who proves the password: whoever finds an open session
// must not put theirs in its place. Where one is in force, it is asked for as well.
func (s *Service) enrolFactor(ctx context.Context, by *caller.Caller, password string, shown browser) (e identity.Enrolment, err error) {
	_, u, known, err := s.self(ctx, by, shown)
	if err != nil {
		return e, err
	}
	if err := mayEnrol(by, u); err != nil {
		return e, err
	}
	if err := s.prove(ctx, by.Tenant, u, known, password); err != nil {
		return e, err
	}
	err = s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		if err := stillProven(ctx, tx, by, u); err != nil {
			return err
		}
		if e, err = s.config.Identity.BeginEnrolment(ctx, tx, by.User); err != nil {
			return err
		}
		api.Touched(ctx, "user", by.User)
		return s.config.Audit.Append(ctx, tx)
	})
	return e, err
}

// mayEnrol demands the second factor of those who have one.
func mayEnrol(by *caller.Caller, u identity.User) error {
	if !u.Enrolled {
		return nil
	}
	return by.StepUp()
}

// stillProven holds the user's row, when the password that was proven is still theirs, and looks again
// whether a second factor has come into force meanwhile.
func stillProven(ctx context.Context, tx *store.Tx, by *caller.Caller, proven identity.User) error {
	held, err := holdPassword(ctx, tx, by.User, *proven.PasswordHash, *proven.PasswordHash)
	if err == nil && !held {
		err = ErrWrongPassword.Because(refusedSuperseded)
	}
	if err != nil {
		return err
	}
	u, err := identity.Find(ctx, tx, by.User)
	if err != nil {
		return err
	}
	return mayEnrol(by, u)
}

// confirmFactor puts the second factor that was shown in force. The session has shown it by that; the
// user's others have not, and end.
func (s *Service) confirmFactor(ctx context.Context, by *caller.Caller, code string) (i issued, err error) {
	a, err := s.takeOwnCode(ctx, by, code)
	if err != nil {
		return issued{}, err
	}
	err = s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		if err := holdUser(ctx, tx, by.User); err != nil {
			return err
		}
		recovery, err := s.config.Identity.ConfirmEnrolment(ctx, tx, by.User, code)
		if err != nil {
			return err
		}
		if err := a.try.forgiveCode(ctx, tx, by.User); err != nil {
			return err
		}
		r, err := findSession(ctx, tx, by.Session)
		if err != nil {
			return err
		}
		if err := r.showFactor(ctx, tx); err != nil {
			return err
		}
		if i, err = s.remain(ctx, tx, by, endedFactor); err != nil {
			return err
		}
		i.recovery = recovery
		return s.recordOwn(ctx, tx, by, "second_factor")
	})
	return i, s.failOwnCode(ctx, a, err)
}

// removeFactor takes the second factor away, unless it is demanded. The user's other sessions end: one
// of them may be why.
func (s *Service) removeFactor(ctx context.Context, by *caller.Caller) (i issued, err error) {
	err = s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		if err := s.config.Policy.Hold(ctx, tx, by); err != nil {
			return err
		}
		me, err := s.config.Identity.View(ctx, tx, by.User)
		switch {
		case err != nil:
			return err
		case me.RequiresMFA:
			return errFactorDemanded
		case !me.SecondFactor:
			return identity.ErrNoFactor
		}
		if err := s.config.Identity.RemoveFactor(ctx, tx, by.User); err != nil {
			return err
		}
		if i, err = s.remain(ctx, tx, by, endedFactor); err != nil {
			return err
		}
		return s.recordOwn(ctx, tx, by, "second_factor")
	})
	return i, err
}

// renewRecoveryCodes gives the user new recovery codes. The session goes on as it is, and so do others.
func (s *Service) renewRecoveryCodes(ctx context.Context, by *caller.Caller) (codes []string, err error) {
	err = s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		if err := holdUser(ctx, tx, by.User); err != nil {
			return err
		}
		if codes, err = s.config.Identity.NewRecoveryCodes(ctx, tx, by.User); err != nil {
			return err
		}
		return s.recordOwn(ctx, tx, by, "recovery_codes")
	})
	return codes, err
}
