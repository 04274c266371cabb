package identity_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/store"
)

func TestAnEnrolmentNeedsItsConfirmingCode(t *testing.T) {
	eachFactorDesk(t, func(t *testing.T, d *factorDesk) {
		if _, err := d.confirm(d.ann, "123456"); !errors.Is(err, identity.ErrNoEnrolment) {
			t.Errorf("nothing to confirm: %v", err)
		}
		e := d.begin(d.ann)
		if !e.ExpiresAt.Equal(d.now().Add(10 * time.Minute)) {
			t.Errorf("ends at %s", e.ExpiresAt)
		}
		for _, bad := range []string{codeAt(t, e.Secret, d.now().Add(time.Hour)), "", "abc", strings.Repeat("a", 24)} {
			if _, err := d.confirm(d.ann, bad); !errors.Is(err, identity.ErrWrongCode) {
				t.Errorf("%q: %v", bad, err)
			}
		}
		if _, err := d.confirm(d.bob, d.code(e.Secret)); !errors.Is(err, identity.ErrNoEnrolment) {
			t.Errorf("somebody else: %v", err)
		}
		if _, err := d.confirm(d.ann, fullWidth(d.code(e.Secret))); err != nil {
			t.Error(err)
		}
		if s := d.state(d.ann); !s.Enrolled || !s.EnrolledAt.Equal(d.now()) || s.RecoveryCodesLeft != 10 {
			t.Errorf("%+v", s)
		}
	})
}

func TestAnEnrolmentEnds(t *testing.T) {
	eachFactorDesk(t, func(t *testing.T, d *factorDesk) {
		replaced := d.begin(d.ann)
		late := d.begin(d.ann)
		if _, err := d.confirm(d.ann, d.code(replaced.Secret)); !errors.Is(err, identity.ErrWrongCode) {
			t.Errorf("the one before: %v", err)
		}
		d.advance(10 * time.Minute)
		if _, err := d.confirm(d.ann, d.code(late.Secret)); !errors.Is(err, identity.ErrNoEnrolment) {
			t.Errorf("after ten minutes: %v", err)
		}
		if _, err := d.enrolAgain(d.ann); err != nil {
			t.Error(err)
		}
	})
}

func (d *factorDesk) enrolAgain(user string) (secret string, err error) {
	e := d.begin(user)
	_, err = d.confirm(user, d.code(e.Secret))
	return e.Secret, err
}

// Until it is confirmed, a replacement changes nothing; then nothing of the old one is left.
func TestAReplacementDoesNotDisturbWhatIsInForce(t *testing.T) {
	eachFactorDesk(t, func(t *testing.T, d *factorDesk) {
		old, recovery := d.enrol(d.ann)
		d.anotherStep()
		next := d.begin(d.ann)
		d.accepted(d.ann, d.code(old), identity.ByTOTP)
		d.wrong(d.ann, d.code(next.Secret))
		d.accepted(d.ann, recovery[0], identity.ByRecoveryCode)
		if _, err := d.confirm(d.ann, d.code(next.Secret)); err != nil {
			t.Fatal(err)
		}
		d.anotherStep()
		d.wrong(d.ann, d.code(old))
		d.wrong(d.ann, recovery[1])
		d.accepted(d.ann, d.code(next.Secret), identity.ByTOTP)
	})
}

func TestOfManyConfirmationsOneCounts(t *testing.T) {
	eachFactorDesk(t, func(t *testing.T, d *factorDesk) {
		e := d.begin(d.ann)
		var crowd sync.WaitGroup
		var confirmed atomic.Int32
		for range 20 {
			crowd.Go(func() {
				switch _, err := d.confirm(d.ann, d.code(e.Secret)); {
				case err == nil:
					confirmed.Add(1)
				case !errors.Is(err, identity.ErrNoEnrolment):
					t.Error(err)
				}
			})
		}
		crowd.Wait()
		if n := d.state(d.ann).RecoveryCodesLeft; confirmed.Load() != 1 || n != 10 {
			t.Errorf("%d confirmations, %d recovery codes", confirmed.Load(), n)
		}
	})
}

func TestAnEnrolmentNamesWhoseItIs(t *testing.T) {
	eachFactorDesk(t, func(t *testing.T, d *factorDesk) {
		for user, label := range map[string]string{d.ann: "/Usher acme:ann", d.bob: "/Usher acme:bob:b/ob?#%"} {
			e := d.begin(user)
			address, err := url.Parse(e.URL)
			if err != nil {
				t.Fatal(err)
			}
			want := url.Values{
				"secret": {e.Secret}, "issuer": {"Usher acme"}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"},
			}
			if address.Scheme != "otpauth" || address.Host != "totp" || address.Path != label {
				t.Errorf("address %s", e.URL)
			}
			if diff := cmp.Diff(want, address.Query()); diff != "" {
				t.Error(diff)
			}
		}
		err := d.write(func(ctx context.Context, tx *store.Tx) error {
			_, err := d.BeginEnrolment(ctx, tx, "nobody")
			return err
		})
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("nobody: %v", err)
		}
	})
}
