package realtime

import (
	"context"
	"strings"
	"time"

	"github.com/usher-desk/usher/internal/seal"
	"github.com/usher-desk/usher/internal/store"
)

func insertTicket(ctx context.Context, tx *store.Tx, secret seal.Opaque, t ticket) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO realtime_tickets (tenant_id, id, user_id, session_id, secret_hash, amr, auth_time, tenant_epoch, user_epoch, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		secret.ID, t.user, t.session, secret.Hash(), strings.Join(t.amr, " "), t.authTime.UnixMicro(), t.tenantEpoch, t.userEpoch, t.expires.UnixMicro())
	return err
}

// findTicket finds a ticket that can be used; [store.ErrNotFound] when there is none, or the secret is
// another.
func findTicket(ctx context.Context, tx *store.Tx, secret seal.Opaque) (ticket, error) {
	var t ticket
	var hash []byte
	var amr string
	var auth, expires int64
	err := tx.QueryRow(ctx, `
		SELECT
			t.user_id,
			t.session_id,
			t.secret_hash,
			t.amr,
			t.auth_time,
			t.tenant_epoch,
			t.user_epoch,
			t.expires_at
		FROM realtime_tickets t
		WHERE t.tenant_id = $1
		  AND t.id = $2
		  AND t.expires_at > $3`, []any{secret.ID, tx.Now.UnixMicro()},
		&t.user, &t.session, &hash, &amr, &auth, &t.tenantEpoch, &t.userEpoch, &expires)
	if err == nil && !secret.Matches(hash) {
		err = store.ErrNotFound
	}
	t.amr, t.authTime, t.expires = strings.Fields(amr), time.UnixMicro(auth).UTC(), time.UnixMicro(expires).UTC()
	return t, err
}

// takeTicket takes away a ticket that can be used; [store.ErrNotFound] when somebody else has, or its
// time is over.
func takeTicket(ctx context.Context, tx *store.Tx, secret seal.Opaque) error {
	n, err := tx.Exec(ctx, `
		DELETE FROM realtime_tickets
		WHERE tenant_id = $1
		  AND id = $2
		  AND secret_hash = $3
		  AND expires_at > $4`, secret.ID, secret.Hash(), tx.Now.UnixMicro())
	if err == nil && n == 0 {
		err = store.ErrNotFound
	}
	return err
}

// dropTickets takes away tickets whose time is over: not all at once, so that nobody has to wait for
// it, and more than are added.
func dropTickets(ctx context.Context, tx *store.Tx) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM realtime_tickets
		WHERE tenant_id = $1
		  AND id IN (
			SELECT t.id
			FROM realtime_tickets t
			WHERE t.tenant_id = $1
			  AND t.expires_at <= $2
			ORDER BY t.expires_at
			LIMIT 100)`, tx.Now.UnixMicro())
	return err
}

// VoidTickets takes away every ticket of the transaction's tenant.
func VoidTickets(ctx context.Context, tx *store.Tx) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM realtime_tickets
		WHERE tenant_id = $1`)
	return err
}
