package identity

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

func storeEnrolment(ctx context.Context, tx *store.Tx, user, sealed string, expires time.Time) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO factor_enrolments (tenant_id, user_id, sealed, expires_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (tenant_id, user_id) DO UPDATE
		SET sealed = excluded.sealed, expires_at = excluded.expires_at`, user, sealed, expires.UnixMicro())
	return err
}

// findEnrolment returns the sealed secret that waits, as long as it can be confirmed.
func findEnrolment(ctx context.Context, tx *store.Tx, user string) (sealed string, err error) {
	err = tx.QueryRow(ctx, `
		SELECT e.sealed
		FROM factor_enrolments e
		WHERE e.tenant_id = $1 AND e.user_id = $2 AND e.expires_at > $3`, []any{user, tx.Now.UnixMicro()}, &sealed)
	return sealed, err
}

// takeEnrolment takes the enrolment away; [ErrNoEnrolment] when somebody else has, or has begun another.
func takeEnrolment(ctx context.Context, tx *store.Tx, user, sealed string) error {
	n, err := tx.Exec(ctx, `
		DELETE FROM factor_enrolments
		WHERE tenant_id = $1 AND user_id = $2 AND sealed = $3`, user, sealed)
	if err == nil && n == 0 {
		err = ErrNoEnrolment
	}
	return err
}

func deleteEnrolment(ctx context.Context, tx *store.Tx, user string) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM factor_enrolments
		WHERE tenant_id = $1 AND user_id = $2`, user)
	return err
}

// VoidEnrolments takes away every enrolment of the tenant that waits for its first code.
func VoidEnrolments(ctx context.Context, tx *store.Tx) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM factor_enrolments
		WHERE tenant_id = $1`)
	return err
}
