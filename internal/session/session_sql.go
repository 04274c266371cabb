package session

import (
	"context"
	"strings"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// row is a session as it is stored.
type row struct {
	id, user    string
	refreshHash []byte
	amr         []string  // how the user proved who they are (RFC 8176)
	authTime    time.Time // when
	createdAt   time.Time
	expiresAt   time.Time
	from        origin
}

func insertSession(ctx context.Context, tx *store.Tx, r row) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO sessions (tenant_id, id, user_id, refresh_hash, amr, auth_time, created_at, renewed_at, expires_at,
			address, user_agent, ended_at, end_reason)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $10, NULL, NULL)`,
		r.id, r.user, r.refreshHash, strings.Join(r.amr, " "), r.authTime.UnixMicro(), r.createdAt.UnixMicro(), r.expiresAt.UnixMicro(),
		r.from.address, r.from.userAgent)
	return err
}

// findSession finds a session that has not ended; [store.ErrNotFound] when there is none.
func findSession(ctx context.Context, tx *store.Tx, id string) (row, error) {
	return store.One(ctx, tx, scanSession, `
		SELECT
			s.id,
			s.user_id,
			s.refresh_hash,
			s.amr,
			s.auth_time,
			s.created_at,
			s.expires_at
		FROM sessions s
		WHERE s.tenant_id = $1
		  AND s.id = $2
		  AND s.ended_at IS NULL
		  AND s.expires_at > $3`, id, tx.Now.UnixMicro())
}

func scanSession(r store.Row) (row, error) {
	var s row
	var amr string
	var auth, created, expires int64
	err := r.Scan(&s.id, &s.user, &s.refreshHash, &amr, &auth, &created, &expires)
	s.amr = strings.Fields(amr)
	s.authTime, s.createdAt, s.expiresAt = time.UnixMicro(auth).UTC(), time.UnixMicro(created).UTC(), time.UnixMicro(expires).UTC()
	return s, err
}

// findLive reads what the tokens of a session are compared with; [store.ErrNotFound] when the user
// has no such session, or it has ended.
func findLive(ctx context.Context, tx *store.Tx, id, user string) (liveSession, error) {
	var l liveSession
	var expires int64
	err := tx.QueryRow(ctx, `
		SELECT
			s.expires_at,
			t.epoch,
			u.epoch
		FROM sessions s
		JOIN users u ON u.tenant_id = $1 AND u.id = s.user_id
		JOIN tenants t ON t.tenant_id = $1
		WHERE s.tenant_id = $1
		  AND s.id = $2
		  AND s.user_id = $3
		  AND s.ended_at IS NULL`, []any{id, user}, &expires, &l.epochs.Tenant, &l.epochs.User)
	l.expires = time.UnixMicro(expires).UTC()
	return l, err
}

// replaceRefresh makes a new refresh token the one that is good, provided that the old one still is:
// of any number of tries with the same token one succeeds.
func replaceRefresh(ctx context.Context, tx *store.Tx, id string, old, hash []byte, expires time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `
		UPDATE sessions
		SET refresh_hash = $4, renewed_at = $5, expires_at = $6
		WHERE tenant_id = $1
		  AND id = $2
		  AND refresh_hash = $3
		  AND ended_at IS NULL`, id, old, hash, tx.Now.UnixMicro(), expires.UnixMicro())
	return n == 1, err
}

// endSession ends one session and reports whether it was there to be ended.
func endSession(ctx context.Context, tx *store.Tx, id, reason string) (bool, error) {
	n, err := tx.Exec(ctx, `
		UPDATE sessions
		SET ended_at = $3, end_reason = $4
		WHERE tenant_id = $1
		  AND id = $2
		  AND ended_at IS NULL`, id, tx.Now.UnixMicro(), reason)
	return n == 1, err
}

// endSessions ends those of a user, all but one.
func endSessions(ctx context.Context, tx *store.Tx, user, except, reason string) error {
	_, err := tx.Exec(ctx, `
		UPDATE sessions
		SET ended_at = $4, end_reason = $5
		WHERE tenant_id = $1
		  AND user_id = $2
		  AND id <> $3
		  AND ended_at IS NULL`, user, except, tx.Now.UnixMicro(), reason)
	return err
}

// raiseEpoch voids every access token of the user. It comes before ending their sessions: a sign-in
// that holds the user's row is waited for, and its session is then among those that end.
func raiseEpoch(ctx context.Context, tx *store.Tx, user string) error {
	_, err := tx.Exec(ctx, `
		UPDATE users
		SET epoch = epoch + 1
		WHERE tenant_id = $1
		  AND id = $2`, user)
	return err
}

// holdPassword holds the user's row until the transaction ends, provided that the user is active and
// the hash is still the one that was verified; it stores the renewed hash in its place, which may
// be the same. Between verifying and now the password may have been changed, or the user disabled.
func holdPassword(ctx context.Context, tx *store.Tx, user, verified, renewed string) (bool, error) {
	n, err := tx.Exec(ctx, `
		UPDATE users
		SET password_hash = $4
		WHERE tenant_id = $1
		  AND id = $2
		  AND password_hash = $3
		  AND active`, user, verified, renewed)
	return n == 1, err
}
