package session

import (
	"context"
	"errors"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// devicesOf reads those by which a user is known still.
func devicesOf(ctx context.Context, tx *store.Tx, user string) ([]device, error) {
	return store.Collect(ctx, tx, scanDevice, `
		SELECT
			d.id,
			d.secret_hash,
			d.seen_at
		FROM devices d
		WHERE d.tenant_id = $1
		  AND d.user_id = $2
		  AND d.seen_at > $3`, user, tx.Now.Add(-deviceLife).UnixMicro())
}

func scanDevice(r store.Row) (device, error) {
	var d device
	var seen int64
	err := r.Scan(&d.id, &d.hash, &seen)
	d.seenAt = time.UnixMicro(seen).UTC()
	return d, err
}

func insertDevice(ctx context.Context, tx *store.Tx, user string, d device) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO devices (tenant_id, id, user_id, secret_hash, created_at, seen_at)
		VALUES ($1, $2, $3, $4, $5, $5)`, d.id, user, d.hash, tx.Now.UnixMicro())
	return err
}

func seeDevice(ctx context.Context, tx *store.Tx, id string) error {
	_, err := tx.Exec(ctx, `
		UPDATE devices
		SET seen_at = $3
		WHERE tenant_id = $1
		  AND id = $2`, id, tx.Now.UnixMicro())
	return err
}

// dropDevices keeps the latest of a user.
func dropDevices(ctx context.Context, tx *store.Tx, user string) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM devices
		WHERE tenant_id = $1
		  AND user_id = $2
		  AND id NOT IN (
			SELECT d.id
			FROM devices d
			WHERE d.tenant_id = $1
			  AND d.user_id = $2
			  AND d.seen_at > $3
			ORDER BY d.seen_at DESC, d.id DESC
			LIMIT $4)`, user, tx.Now.Add(-deviceLife).UnixMicro(), devicesKept)
	return err
}

// knownDeviceOf is the browser in which a session of the user began; "" when it is not known any longer.
func knownDeviceOf(ctx context.Context, tx *store.Tx, user, session string) (id string, err error) {
	err = tx.QueryRow(ctx, `
		SELECT d.id
		FROM sessions s
		JOIN devices d ON d.tenant_id = $1 AND d.id = s.device_id
		WHERE s.tenant_id = $1
		  AND s.id = $3
		  AND d.user_id = $2`, []any{user, session}, &id)
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return id, err
}

// forgetDevices forgets those of a user, all but the one in which a session began; "" for no session.
func forgetDevices(ctx context.Context, tx *store.Tx, user, except string) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM devices
		WHERE tenant_id = $1
		  AND user_id = $2
		  AND id NOT IN (
			SELECT coalesce(s.device_id, '')
			FROM sessions s
			WHERE s.tenant_id = $1
			  AND s.id = $3)`, user, except)
	return err
}

// forgetDeviceOf forgets the one in which a session of the user began.
func forgetDeviceOf(ctx context.Context, tx *store.Tx, user, session string) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM devices
		WHERE tenant_id = $1
		  AND user_id = $2
		  AND id IN (
			SELECT s.device_id
			FROM sessions s
			WHERE s.tenant_id = $1
			  AND s.id = $3)`, user, session)
	return err
}

// ForgetAllDevices forgets every browser by which anybody of the tenant is known.
func ForgetAllDevices(ctx context.Context, tx *store.Tx) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM devices
		WHERE tenant_id = $1`)
	return err
}
