package identity

import (
	"context"
	"errors"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// ErrNoEnrolment: there is nothing to confirm.
var ErrNoEnrolment = fault.Define(fault.Conflict, "no_enrolment",
	"No enrolment of a second factor is in progress.", "没有正在进行的两步验证设置。",
	"Begin one. It ends after 10 minutes, and when another one is begun.")

// enrolmentLife is how long the secret that was shown can be confirmed.
const enrolmentLife = 10 * time.Minute

// Enrolment is a second factor that waits for its first code. It is to be shown once.
type Enrolment struct {
	Secret    string // base32
	URL       string // otpauth://, for authenticators and QR codes
	ExpiresAt time.Time
}

// BeginEnrolment makes a new secret for the user, in place of one that waits already. What is in
// force stays so until [Service.ConfirmEnrolment]. [store.ErrNotFound] when there is no such user.
//
// The pictures are drawn afterwards, by [Enrolment.JSON], outside the transaction.
func (s *Service) BeginEnrolment(ctx context.Context, tx *store.Tx, user string) (Enrolment, error) {
	t, err := tenant.Find(ctx, tx)
	if err != nil {
		return Enrolment{}, err
	}
	u, err := Find(ctx, tx, user)
	if err != nil {
		return Enrolment{}, err
	}
	secret := newFactorSecret()
	sealed, err := s.config.Master.Seal(secret, enrolmentPlace(tx.Tenant(), user)...)
	if err != nil {
		return Enrolment{}, err
	}
	expires := tx.Now.Add(enrolmentLife)
	if err := storeEnrolment(ctx, tx, user, sealed, expires); err != nil {
		return Enrolment{}, err
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "Usher " + t.Slug, AccountName: u.Username, Secret: secret})
	if err != nil {
		return Enrolment{}, err
	}
	return Enrolment{Secret: base32Text.EncodeToString(secret), URL: key.URL(), ExpiresAt: expires}, nil
}

// ConfirmEnrolment puts the waiting secret in force, in place of any other, in exchange for a code of
// it, and returns new recovery codes, to be shown once. The code counts as used. Ask
// [Service.TakeFactorTry] before. The errors are [ErrWrongCode] and [ErrNoEnrolment].
func (s *Service) ConfirmEnrolment(ctx context.Context, tx *store.Tx, user, code string) (recoveryCodes []string, err error) {
	sealed, err := findEnrolment(ctx, tx, user)
	if errors.Is(err, store.ErrNotFound) {
		err = ErrNoEnrolment
	}
	if err != nil {
		return nil, err
	}
	secret, err := s.config.Master.Open(sealed, enrolmentPlace(tx.Tenant(), user)...)
	if err != nil {
		return nil, err
	}
	typed, ok := readCode(code)
	if !ok {
		return nil, ErrWrongCode
	}
	step, ok := matchStep(secret, tx.Now, typed.digits)
	if !ok {
		return nil, ErrWrongCode
	}
	if err := takeEnrolment(ctx, tx, user, sealed); err != nil {
		return nil, err
	}
	if err := s.putFactor(ctx, tx, user, secret, step); err != nil {
		return nil, err
	}
	return s.NewRecoveryCodes(ctx, tx, user)
}

// enrolmentPlace is where the sealed secret of an enrolment belongs.
func enrolmentPlace(tenant, user string) []string {
	return []string{"factor_enrolments.sealed", tenant, user}
}
