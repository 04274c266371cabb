package identity

import (
	"context"
	"errors"
	"time"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// Codes of second factors.
var (
	// ErrWrongCode does not say whether a code was wrong, late, used, or nobody's.
	ErrWrongCode = fault.Define(fault.Unauthenticated, "wrong_code",
		"This code is not accepted.", "验证码无效。",
		"Type the code that the authenticator shows now, or a recovery code. Each is good once; after one was accepted wait for the next.")
	ErrNoFactor = fault.Define(fault.Conflict, "no_second_factor",
		"There is no second factor.", "尚未设置两步验证。",
		"Enrol one at POST /v1/me/second-factor/enrol.")
)

// FactorMethod says what proved the second factor; the sign-in log knows it by this word.
type FactorMethod string

// The two methods.
const (
	ByTOTP         FactorMethod = "totp"
	ByRecoveryCode FactorMethod = "recovery_code"
)

// FactorState is what may be said about somebody's second factor.
type FactorState struct {
	Enrolled          bool
	EnrolledAt        time.Time // zero when not enrolled
	RecoveryCodesLeft int
}

// FactorStateOf reads the state of a user's second factor. A user who does not exist is not enrolled.
func FactorStateOf(ctx context.Context, tx *store.Tx, user string) (FactorState, error) {
	f, err := findFactor(ctx, tx, user)
	if errors.Is(err, store.ErrNotFound) {
		return FactorState{}, nil
	}
	if err != nil {
		return FactorState{}, err
	}
	left, err := countRecoveryCodes(ctx, tx, user)
	return FactorState{Enrolled: true, EnrolledAt: f.confirmedAt, RecoveryCodesLeft: left}, err
}

// UseFactor takes a code of the authenticator or a recovery code, which is good for nothing
// afterwards: of many who present one at once, one is let through. [Service.TakeFactorTry] must have
// been asked before, in a transaction of its own, and [ForgiveFactorTries] is asked afterwards. The error is
// [ErrWrongCode], also for somebody who is not enrolled.
func (s *Service) UseFactor(ctx context.Context, tx *store.Tx, user, code string) (FactorMethod, error) {
	typed, ok := readCode(code)
	if !ok {
		return "", ErrWrongCode
	}
	method, use := ByTOTP, s.useTOTP
	if typed.recovery != nil {
		method, use = ByRecoveryCode, useRecoveryCode
	}
	return method, use(ctx, tx, user, typed)
}

func (s *Service) useTOTP(ctx context.Context, tx *store.Tx, user string, code typedCode) error {
	f, err := findFactor(ctx, tx, user)
	if errors.Is(err, store.ErrNotFound) {
		return ErrWrongCode
	}
	if err != nil {
		return err
	}
	secret, err := s.config.Master.Open(f.sealed, factorPlace(tx.Tenant(), user)...)
	if err != nil {
		return err
	}
	step, ok := matchStep(secret, tx.Now, code.digits)
	if !ok {
		return ErrWrongCode
	}
	return f.use(ctx, tx, user, step)
}

// Enrol puts a second factor in force that needs no confirming code, in place of any other, without
// recovery codes. It serves whoever hands out the secret, as the demonstration does.
func (s *Service) Enrol(ctx context.Context, tx *store.Tx, user, secret string) error {
	raw, err := parseFactorSecret(secret)
	if err != nil {
		return err
	}
	return s.putFactor(ctx, tx, user, raw, 0)
}

// putFactor puts a secret in force, in place of any other. Codes up to the step are used up.
func (s *Service) putFactor(ctx context.Context, tx *store.Tx, user string, secret []byte, step int64) error {
	sealed, err := s.config.Master.Seal(secret, factorPlace(tx.Tenant(), user)...)
	if err != nil {
		return err
	}
	if err := s.RemoveFactor(ctx, tx, user); err != nil {
		return err
	}
	return insertFactor(ctx, tx, user, factor{sealed: sealed, confirmedAt: tx.Now, lastStep: step})
}

// RemoveFactor takes away the user's second factor and everything that belongs to it: the enrolment
// in progress, the recovery codes, the failures. There need not be any. [store.ErrNotFound] when there
// is no such user, whose row it holds from here on.
func (s *Service) RemoveFactor(ctx context.Context, tx *store.Tx, user string) error {
	for _, take := range []func(context.Context, *store.Tx, string) error{
		raiseVersion, deleteFactor, deleteEnrolment, deleteRecoveryCodes, ForgiveFactorTries,
	} {
		if err := take(ctx, tx, user); err != nil {
			return err
		}
	}
	return nil
}

// factorPlace is where the sealed secret of a factor in force belongs. An enrolment in progress has
// another place, so that its row never passes for a factor in force.
func factorPlace(tenant, user string) []string {
	return []string{"second_factors.sealed", tenant, user}
}
