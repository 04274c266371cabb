package identity_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/store"
)

// Whatever the clock does, forward or back, a code is accepted exactly when its step is at most one from
// the present and later than every step accepted before.
func TestNoCodeIsGoodTwiceWhateverTheClockDoes(t *testing.T) {
	undo := errors.New("the next run begins anew")
	eachFactorDesk(t, func(t *testing.T, d *factorDesk) {
		rapid.Check(t, func(r *rapid.T) {
			err := d.write(func(ctx context.Context, tx *store.Tx) error {
				secret := identity.NewFactorSecret()
				if err := d.Enrol(ctx, tx, d.ann, secret); err != nil {
					return err
				}
				codeOf := func(step int64) string { return codeAt(t, secret, time.Unix(step*30, 0)) }
				used := int64(0)
				for range rapid.IntRange(1, 20).Draw(r, "tries") {
					tx.Now = tx.Now.Add(time.Duration(rapid.IntRange(-45, 90).Draw(r, "seconds")) * time.Second)
					drift := rapid.Int64Range(-3, 3).Draw(r, "drift")
					present := tx.Now.Unix() / 30
					step := present + drift
					code := codeOf(step)
					byChance := func(other int64) bool { return other != step && other > used && codeOf(other) == code }
					if slices.ContainsFunc([]int64{present - 1, present, present + 1}, byChance) {
						continue // it is good as the code of another step, which happens to have the same six digits
					}
					_, err := d.UseFactor(ctx, tx, d.ann, code)
					if err != nil && !errors.Is(err, identity.ErrWrongCode) {
						return err
					}
					if good := -1 <= drift && drift <= 1 && step > used; good != (err == nil) {
						r.Fatalf("step %d after %d, drift %d: %v", step, used, drift, err)
					}
					if err == nil {
						used = step
					}
				}
				return undo
			})
			if !errors.Is(err, undo) {
				r.Fatal(err)
			}
		})
	})
}
