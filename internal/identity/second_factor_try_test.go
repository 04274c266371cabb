package identity_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/store"
)

// try takes a try and presents a code, as every door does, and returns how long there is to wait.
func (d *factorDesk) try(user, code string) (wait time.Duration, err error) {
	if _, err := d.TakeFactorTry(d.t.Context(), d.tenant, user); err != nil {
		return fault.From(err).RetryAfter, err
	}
	_, err = d.use(user, code)
	return 0, err
}

func TestWrongCodesSlowDownFromTheFifthOn(t *testing.T) {
	eachFactorDesk(t, func(t *testing.T, d *factorDesk) {
		secret, recovery := d.enrol(d.ann)
		other, _ := d.enrol(d.bob)
		d.anotherStep()
		for n := range 5 {
			if _, err := d.try(d.ann, []string{"000000", "aaaaaaaaaaaaaaaaaaaaaaaa", "nonsense"}[n%3]); !errors.Is(err, identity.ErrWrongCode) {
				t.Fatalf("try %d: %v", n, err)
			}
		}
		for _, want := range []time.Duration{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900} {
			want *= time.Second
			// Too early, the right code is not even looked at, and the wait grows no longer.
			for _, code := range []string{d.code(secret), recovery[0]} {
				if wait, err := d.try(d.ann, code); !errors.Is(err, fault.ErrSlowDown) || wait != want {
					t.Fatalf("%v, wait %s, want %s", err, wait, want)
				}
			}
			d.advance(want)
			if _, err := d.try(d.ann, "000000"); !errors.Is(err, identity.ErrWrongCode) {
				t.Fatalf("after %s: %v", want, err)
			}
		}
		if _, err := d.try(d.bob, d.code(other)); err != nil {
			t.Errorf("somebody else: %v", err)
		}
		d.advance(15 * time.Minute)
		if _, err := d.try(d.ann, d.code(secret)); err != nil {
			t.Errorf("the right code in time: %v", err)
		}
		if _, err := d.try(d.ann, "000000"); !errors.Is(err, identity.ErrWrongCode) {
			t.Errorf("success did not forget: %v", err)
		}
	})
}

func TestFailuresAreForgottenAfterADay(t *testing.T) {
	eachFactorDesk(t, func(t *testing.T, d *factorDesk) {
		d.enrol(d.ann)
		for range 5 {
			_, _ = d.try(d.ann, "000000")
		}
		d.advance(24*time.Hour + time.Microsecond)
		for range 5 {
			if _, err := d.try(d.ann, "000000"); !errors.Is(err, identity.ErrWrongCode) {
				t.Fatal(err)
			}
		}
		if wait, err := d.try(d.ann, "000000"); !errors.Is(err, fault.ErrSlowDown) || wait != time.Second {
			t.Errorf("%v, wait %s", err, wait)
		}
	})
}

// Fifty guesses at once get no further than five one after the other.
func TestManyGuessesAtOnceAreCounted(t *testing.T) {
	eachFactorDesk(t, func(t *testing.T, d *factorDesk) {
		d.enrol(d.ann)
		var crowd sync.WaitGroup
		var looked, early atomic.Int32
		for range 50 {
			crowd.Go(func() {
				switch _, err := d.try(d.ann, "000000"); {
				case errors.Is(err, identity.ErrWrongCode):
					looked.Add(1)
				case errors.Is(err, fault.ErrSlowDown):
					early.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		crowd.Wait()
		if looked.Load() != 5 || early.Load() != 45 {
			t.Errorf("%d were looked at, %d turned away", looked.Load(), early.Load())
		}
	})
}

// What the caller's transaction comes to does not matter: the try was taken before, in its own. And a
// right code whose transaction fails has forgotten nothing and is still good. Nor does another start forget.
func TestTheCounterSurvivesRollbackAndRestart(t *testing.T) {
	eachFactorDesk(t, func(t *testing.T, d *factorDesk) {
		secret, _ := d.enrol(d.ann)
		d.anotherStep()
		broken := errors.New("something else failed")
		for range 5 {
			if _, err := d.TakeFactorTry(t.Context(), d.tenant, d.ann); err != nil {
				t.Fatal(err)
			}
			err := d.write(func(ctx context.Context, tx *store.Tx) error {
				if _, err := d.UseFactor(ctx, tx, d.ann, d.code(secret)); err != nil {
					return err
				}
				return broken
			})
			if !errors.Is(err, broken) {
				t.Fatal(err)
			}
		}
		d.Service = identity.New(identity.Config{DB: d.db, Master: masterKey(t)}) // started again
		if wait, err := d.try(d.ann, d.code(secret)); !errors.Is(err, fault.ErrSlowDown) || wait != time.Second {
			t.Errorf("%v, wait %s", err, wait)
		}
		d.advance(time.Second)
		if _, err := d.try(d.ann, d.code(secret)); err != nil {
			t.Error(err)
		}
	})
}
