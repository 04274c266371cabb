package session

import (
	"context"
	"strings"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// row is a session as it is stored.
type row struct {
	id, user     string
	refreshHash  []byte    // of the refresh token that is good
	previousHash []byte    // of the one that it was derived from; nil when there is none
	salt         []byte    // with which; nil likewise
	familyKey    []byte    // marks the session's tokens
	amr          []string  // how the user proved who they are (RFC 8176)
	authTime     time.Time // when, with all of it
	createdAt    time.Time
	renewedAt    time.Time
	expiresAt    time.Time
	from         origin
	device       string // the id of the browser that it began in
}

func insertSession(ctx context.Context, tx *store.Tx, r row) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO sessions (tenant_id, id, user_id, refresh_hash, previous_hash, rotation_salt, family_key, amr, auth_time,
			created_at, renewed_at, expires_at, address, user_agent, device_id, ended_at, end_reason)
		VALUES ($1, $2, $3, $4, NULL, NULL, $5, $6, $7, $8, $8, $9, $10, $11, $12, NULL, NULL)`,
		r.id, r.user, r.refreshHash, r.familyKey, strings.Join(r.amr, " "), r.authTime.UnixMicro(), r.createdAt.UnixMicro(), r.expiresAt.UnixMicro(),
		r.from.address, r.from.userAgent, r.device)
	return err
}

// sessionColumns are those that scanSession reads.
const sessionColumns = `
			s.id,
			s.user_id,
			s.refresh_hash,
			s.previous_hash,
			s.rotation_salt,
			s.family_key,
			s.amr,
			s.auth_time,
			s.created_at,
			s.renewed_at,
			s.expires_at,
			s.address,
			s.user_agent`

// findSession finds a session that has not ended; [store.ErrNotFound] when there is none.
func findSession(ctx context.Context, tx *store.Tx, id string) (row, error) {
	return store.One(ctx, tx, scanSession, `SELECT`+sessionColumns+`
		FROM sessions s
		WHERE s.tenant_id = $1
		  AND s.id = $2
		  AND s.ended_at IS NULL
		  AND s.expires_at > $3`, id, tx.Now.UnixMicro())
}

func scanSession(r store.Row) (row, error) {
	var s row
	var amr string
	var auth, created, renewed, expires int64
	err := r.Scan(&s.id, &s.user, &s.refreshHash, &s.previousHash, &s.salt, &s.familyKey, &amr, &auth, &created, &renewed, &expires,
		&s.from.address, &s.from.userAgent)
	s.amr = strings.Fields(amr)
	s.authTime, s.createdAt = time.UnixMicro(auth).UTC(), time.UnixMicro(created).UTC()
	s.renewedAt, s.expiresAt = time.UnixMicro(renewed).UTC(), time.UnixMicro(expires).UTC()
	return s, err
}

// foundLive is what the tokens of a session are compared with, and whose it is.
type foundLive struct {
	id, user string
	liveSession
}

// findLive reads what the tokens of a session are compared with; [store.ErrNotFound] when the user
// has no such session, or it has ended.
func findLive(ctx context.Context, tx *store.Tx, id, user string) (liveSession, error) {
	w := tx.Where("s")
	w.And("s.id = ?", id)
	w.And("s.user_id = ?", user)
	found, err := collectLive(ctx, tx, w)
	if err == nil && len(found) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return liveSession{}, err
	}
	return found[0].liveSession, nil
}

// findLives is findLive for many sessions, whoever has them; those that have ended are left out.
func findLives(ctx context.Context, tx *store.Tx, ids store.Set) ([]foundLive, error) {
	w := tx.Where("s")
	w.And("s.id IN ?", ids)
	return collectLive(ctx, tx, w)
}

func collectLive(ctx context.Context, tx *store.Tx, w *store.Where) ([]foundLive, error) {
	w.And("s.ended_at IS NULL")
	return store.Collect(ctx, tx, scanLive, `
		SELECT
			s.id,
			s.user_id,
			s.expires_at,
			t.epoch,
			u.epoch,
			EXISTS (SELECT 1 FROM second_factors f WHERE f.tenant_id = $1 AND f.user_id = s.user_id),
			u.must_change_password
		FROM sessions s
		JOIN users u ON u.tenant_id = $1 AND u.id = s.user_id
		JOIN tenants t ON t.tenant_id = $1`+w.String(), w.Args()...)
}

func scanLive(r store.Row) (foundLive, error) {
	var f foundLive
	var expires int64
	err := r.Scan(&f.id, &f.user, &expires, &f.epochs.Tenant, &f.epochs.User, &f.enrolled, &f.imported)
	f.expires = time.UnixMicro(expires).UTC()
	return f, err
}

// updateProof stores how and when the user of a session proved who they are.
func updateProof(ctx context.Context, tx *store.Tx, r row) error {
	_, err := tx.Exec(ctx, `
		UPDATE sessions
		SET amr = $3, auth_time = $4
		WHERE tenant_id = $1
		  AND id = $2`, r.id, strings.Join(r.amr, " "), r.authTime.UnixMicro())
	return err
}

// holdSession has whoever else wants to change the session wait until the transaction ends. Of any
// number who present the same refresh token the first finds it current, and all others previous.
func holdSession(ctx context.Context, tx *store.Tx, id string) error {
	_, err := tx.Exec(ctx, `
		UPDATE sessions
		SET renewed_at = renewed_at
		WHERE tenant_id = $1
		  AND id = $2`, id)
	return err
}

// updateRefresh stores which refresh tokens a session has, and how long it lasts now.
func updateRefresh(ctx context.Context, tx *store.Tx, r row) error {
	_, err := tx.Exec(ctx, `
		UPDATE sessions
		SET refresh_hash = $3, previous_hash = $4, rotation_salt = $5, family_key = $6, renewed_at = $7, expires_at = $8
		WHERE tenant_id = $1
		  AND id = $2`, r.id, r.refreshHash, r.previousHash, r.salt, r.familyKey, tx.Now.UnixMicro(), r.expiresAt.UnixMicro())
	return err
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

// endSessionOf ends one session of a user, unless it has ended; [store.ErrNotFound] when the user never
// had it.
func endSessionOf(ctx context.Context, tx *store.Tx, user, id, reason string) error {
	n, err := tx.Exec(ctx, `
		UPDATE sessions
		SET ended_at = coalesce(ended_at, $4), end_reason = coalesce(end_reason, $5)
		WHERE tenant_id = $1
		  AND id = $2
		  AND user_id = $3`, id, user, tx.Now.UnixMicro(), reason)
	if err == nil && n == 0 {
		err = store.ErrNotFound
	}
	return err
}

// endSessions ends those of a user, all but one, and returns the ids of those that it has ended.
func endSessions(ctx context.Context, tx *store.Tx, user, except, reason string) ([]string, error) {
	return store.Collect(ctx, tx, store.Text, `
		UPDATE sessions
		SET ended_at = $4, end_reason = $5
		WHERE tenant_id = $1
		  AND user_id = $2
		  AND id <> $3
		  AND ended_at IS NULL
		RETURNING id`, user, except, tx.Now.UnixMicro(), reason)
}

// endEverySession ends those of the transaction's tenant.
func endEverySession(ctx context.Context, tx *store.Tx, reason string) error {
	_, err := tx.Exec(ctx, `
		UPDATE sessions
		SET ended_at = $2, end_reason = $3
		WHERE tenant_id = $1
		  AND ended_at IS NULL`, tx.Now.UnixMicro(), reason)
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

// holdUser is raiseEpoch for those who keep a session and its access token.
func holdUser(ctx context.Context, tx *store.Tx, user string) error {
	_, err := tx.Exec(ctx, `
		UPDATE users
		SET epoch = epoch
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
