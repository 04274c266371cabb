package identity

import (
	"context"
	"fmt"

	"github.com/usher-desk/usher/internal/seal"
	"github.com/usher-desk/usher/internal/store"
)

// ResealFactors seals the tenant's second factors anew, those in force and those that wait to be confirmed, and returns
// how many had yet to be. Nobody may be serving meanwhile.
func ResealFactors(ctx context.Context, tx *store.Tx, from, to *seal.Key) (changed int, err error) {
	for _, kind := range []sealedKind{
		{factorPlace, sealedFactors, updateSealedFactor},
		{enrolmentPlace, sealedEnrolments, updateSealedEnrolment},
	} {
		n, err := kind.reseal(ctx, tx, from, to)
		if err != nil {
			return 0, err
		}
		changed += n
	}
	return changed, nil
}

// sealedKind is a table of secrets, one for each user.
type sealedKind struct {
	place        func(tenant, user string) []string
	read, update string
}

func (k sealedKind) reseal(ctx context.Context, tx *store.Tx, from, to *seal.Key) (changed int, err error) {
	secrets, err := store.Collect(ctx, tx, scanSealed, k.read)
	if err != nil {
		return 0, err
	}
	for _, secret := range secrets {
		sealed, anew, err := seal.Reseal(secret.text, from, to, k.place(tx.Tenant(), secret.user)...)
		if err != nil {
			return 0, fmt.Errorf("second factor of user %s: %w", secret.user, err)
		}
		if !anew {
			continue
		}
		if _, err := tx.Exec(ctx, k.update, secret.user, secret.text, sealed); err != nil {
			return 0, err
		}
		changed++
	}
	return changed, nil
}

// sealedSecret is somebody's secret as it is stored.
type sealedSecret struct{ user, text string }

func scanSealed(r store.Row) (s sealedSecret, err error) {
	err = r.Scan(&s.user, &s.text)
	return s, err
}

const (
	sealedFactors = `
		SELECT
			f.user_id,
			f.sealed
		FROM second_factors f
		WHERE f.tenant_id = $1`
	updateSealedFactor = `
		UPDATE second_factors
		SET sealed = $4
		WHERE tenant_id = $1 AND user_id = $2 AND sealed = $3`
	sealedEnrolments = `
		SELECT
			e.user_id,
			e.sealed
		FROM factor_enrolments e
		WHERE e.tenant_id = $1`
	updateSealedEnrolment = `
		UPDATE factor_enrolments
		SET sealed = $4
		WHERE tenant_id = $1 AND user_id = $2 AND sealed = $3`
)
