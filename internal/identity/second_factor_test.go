package identity_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/store"
)

func TestACodeIsGoodOnce(t *testing.T) {
	eachFactorDesk(t, func(t *testing.T, d *factorDesk) {
		secret, _ := d.enrol(d.ann)
		d.wrong(d.ann, d.code(secret)) // it has confirmed the enrolment
		d.anotherStep()
		d.accepted(d.ann, d.code(secret), identity.ByTOTP)
		d.wrong(d.ann, d.code(secret))
		d.anotherStep()
		code := d.code(secret)
		d.accepted(d.ann, code[:3]+" "+code[3:]+"\u3000", identity.ByTOTP)
	})
}

// Fifty at once, each in a transaction of its own.
func TestOfManyWhoPresentOneCodeOneIsLetThrough(t *testing.T) {
	eachFactorDesk(t, func(t *testing.T, d *factorDesk) {
		secret, recovery := d.enrol(d.ann)
		d.anotherStep()
		for _, code := range []string{d.code(secret), recovery[0]} {
			var crowd sync.WaitGroup
			var through atomic.Int32
			for range 50 {
				crowd.Go(func() {
					switch _, err := d.use(d.ann, code); {
					case err == nil:
						through.Add(1)
					case !errors.Is(err, identity.ErrWrongCode):
						t.Error(err)
					}
				})
			}
			crowd.Wait()
			if through.Load() != 1 {
				t.Errorf("%d were let through", through.Load())
			}
		}
	})
}

// One step of drift either side; a code of an earlier step is void once a later one was used.
func TestClocksMayDriftByOneStep(t *testing.T) {
	eachFactorDesk(t, func(t *testing.T, d *factorDesk) {
		secret, _ := d.enrol(d.ann)
		d.advance(time.Hour)
		at := func(steps int) string { return codeAt(t, secret, d.now().Add(time.Duration(steps)*30*time.Second)) }
		d.wrong(d.ann, at(-2))
		d.wrong(d.ann, at(2))
		d.accepted(d.ann, at(-1), identity.ByTOTP)
		d.accepted(d.ann, at(1), identity.ByTOTP)
		d.wrong(d.ann, at(0))
		d.wrong(d.ann, at(-1))
		d.anotherStep()
		d.wrong(d.ann, at(0))
		d.accepted(d.ann, at(1), identity.ByTOTP)
	})
}

func TestWhoIsNotEnrolledHasNoCode(t *testing.T) {
	eachFactorDesk(t, func(t *testing.T, d *factorDesk) {
		e := d.begin(d.ann)
		for _, code := range []string{d.code(e.Secret), "000000", "", "aaaa-aaaa-aaaa-aaaa-aaaa-aaaa"} {
			d.wrong(d.ann, code)
		}
		if s := d.state(d.ann); s.Enrolled || !s.EnrolledAt.IsZero() || s.RecoveryCodesLeft != 0 {
			t.Errorf("not confirmed, but %+v", s)
		}
		err := d.write(func(ctx context.Context, tx *store.Tx) error {
			_, err := d.NewRecoveryCodes(ctx, tx, d.ann)
			return err
		})
		if !errors.Is(err, identity.ErrNoFactor) {
			t.Errorf("recovery codes for nobody: %v", err)
		}
	})
}

func TestRemovingTakesEverything(t *testing.T) {
	eachFactorDesk(t, func(t *testing.T, d *factorDesk) {
		secret, recovery := d.enrol(d.ann)
		waiting := d.begin(d.ann)
		d.must(func(ctx context.Context, tx *store.Tx) error { return d.RemoveFactor(ctx, tx, d.ann) })
		d.anotherStep()
		d.wrong(d.ann, d.code(secret))
		d.wrong(d.ann, recovery[0])
		if _, err := d.confirm(d.ann, d.code(waiting.Secret)); !errors.Is(err, identity.ErrNoEnrolment) {
			t.Errorf("the enrolment in progress: %v", err)
		}
		if s := d.state(d.ann); s.Enrolled || s.RecoveryCodesLeft != 0 {
			t.Errorf("removed, but %+v", s)
		}
	})
}

// The sealed secret opens nowhere but where it was put.
func TestASecretIsBoundToItsPlace(t *testing.T) {
	eachFactorDesk(t, func(t *testing.T, d *factorDesk) {
		annSecret, _ := d.enrol(d.ann)
		bobSecret, _ := d.enrol(d.bob)
		d.anotherStep()
		refused := func(user, secret string) {
			t.Helper()
			if _, err := d.use(user, d.code(secret)); err == nil || errors.Is(err, identity.ErrWrongCode) {
				t.Errorf("a secret in a wrong place: %v, want a failure to open it", err)
			}
		}
		const copied = `
			UPDATE second_factors
			SET sealed = (SELECT o.sealed FROM second_factors o WHERE o.tenant_id = $1 AND o.user_id = $3)
			WHERE tenant_id = $1 AND user_id = $2`
		d.set(copied, d.bob, d.ann) // to another user
		refused(d.bob, annSecret)
		refused(d.bob, bobSecret)
		d.accepted(d.ann, d.code(annSecret), identity.ByTOTP)

		waiting := d.begin(d.bob) // from an enrolment that nobody confirmed
		d.set(`
			UPDATE second_factors
			SET sealed = (SELECT e.sealed FROM factor_enrolments e WHERE e.tenant_id = $1 AND e.user_id = $2)
			WHERE tenant_id = $1 AND user_id = $2`, d.bob)
		refused(d.bob, waiting.Secret)

		other := newFactorDesk(t, d.db, "beta") // to another tenant
		otherSecret, _ := other.enrol(other.ann)
		d.set(`UPDATE second_factors SET sealed = $3 WHERE tenant_id = $1 AND user_id = $2`, d.ann, other.sealed(other.ann))
		d.anotherStep()
		refused(d.ann, otherSecret)
		refused(d.ann, annSecret)
	})
}

func (d *factorDesk) sealed(user string) (text string) {
	d.t.Helper()
	d.must(func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRow(ctx, `
			SELECT f.sealed FROM second_factors f WHERE f.tenant_id = $1 AND f.user_id = $2`, []any{user}, &text)
	})
	return text
}

func TestEnrolPutsAKnownSecretInForce(t *testing.T) {
	eachFactorDesk(t, func(t *testing.T, d *factorDesk) {
		old, recovery := d.enrol(d.ann)
		secret := identity.NewFactorSecret()
		d.must(func(ctx context.Context, tx *store.Tx) error { return d.Enrol(ctx, tx, d.ann, secret) })
		d.accepted(d.ann, d.code(secret), identity.ByTOTP)
		d.anotherStep()
		d.wrong(d.ann, d.code(old))
		d.wrong(d.ann, recovery[0])
		if s := d.state(d.ann); !s.Enrolled || s.RecoveryCodesLeft != 0 {
			t.Errorf("%+v", s)
		}
		for _, bad := range []string{"", "not base32!", "0189", "="} {
			if err := d.write(func(ctx context.Context, tx *store.Tx) error { return d.Enrol(ctx, tx, d.ann, bad) }); err == nil {
				t.Errorf("%q was taken for a secret", bad)
			}
		}
	})
}
