package identity

import (
	"context"
	"crypto/sha256"

	"github.com/usher-desk/usher/internal/store"
)

func insertRecoveryCode(ctx context.Context, tx *store.Tx, user string, hash []byte) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO recovery_codes (tenant_id, user_id, code_hash)
		VALUES ($1, $2, $3)`, user, hash)
	return err
}

// useRecoveryCode uses up a code; [ErrWrongCode] when it is none, or is used already. The hash is
// looked up as it is: who does not know the 120 bits learns nothing from how long that takes.
func useRecoveryCode(ctx context.Context, tx *store.Tx, user string, code typedCode) error {
	n, err := tx.Exec(ctx, `
		UPDATE recovery_codes
		SET used_at = $4
		WHERE tenant_id = $1 AND user_id = $2 AND code_hash = $3 AND used_at IS NULL`,
		user, hashOf(code.recovery), tx.Now.UnixMicro())
	if err == nil && n != 1 {
		err = ErrWrongCode
	}
	return err
}

func countRecoveryCodes(ctx context.Context, tx *store.Tx, user string) (left int, err error) {
	err = tx.QueryRow(ctx, `
		SELECT count(*)
		FROM recovery_codes c
		WHERE c.tenant_id = $1 AND c.user_id = $2 AND c.used_at IS NULL`, []any{user}, &left)
	return left, err
}

func deleteRecoveryCodes(ctx context.Context, tx *store.Tx, user string) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM recovery_codes
		WHERE tenant_id = $1 AND user_id = $2`, user)
	return err
}

func hashOf(code []byte) []byte {
	hash := sha256.Sum256(code)
	return hash[:]
}

// VoidRecoveryCodes takes away all recovery codes of the tenant; authenticators stay in force.
func VoidRecoveryCodes(ctx context.Context, tx *store.Tx) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM recovery_codes
		WHERE tenant_id = $1`)
	return err
}
