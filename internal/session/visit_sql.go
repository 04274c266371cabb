package session

import (
	"context"
	"database/sql"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

const visitColumns = `
		v.id,
		v.visitor,
		v.username,
		v.name,
		v.platform_session,
		v.platform_epoch,
		v.visitor_epoch,
		v.reason,
		v.writes,
		v.created_at,
		v.expires_at,
		v.ended_at,
		v.end_reason`

func scanVisit(r store.Row) (visit, error) {
	var v visit
	var created, expires int64
	var ended sql.NullInt64
	var reason sql.NullString
	err := r.Scan(&v.id, &v.visitor, &v.username, &v.name, &v.host, &v.hostEpochs.Tenant, &v.hostEpochs.User,
		&v.reason, &v.write, &created, &expires, &ended, &reason)
	v.createdAt, v.expiresAt = time.UnixMicro(created).UTC(), time.UnixMicro(expires).UTC()
	if ended.Valid {
		v.endedAt = time.UnixMicro(ended.Int64).UTC()
	}
	v.endReason = reason.String
	return v, err
}

func (v visit) insert(ctx context.Context, tx *store.Tx) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO visits (tenant_id, id, visitor, username, name, platform_session, platform_epoch, visitor_epoch,
			reason, writes, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		v.id, v.visitor, v.username, v.name, v.host, v.hostEpochs.Tenant, v.hostEpochs.User,
		v.reason, v.write, v.createdAt.UnixMicro(), v.expiresAt.UnixMicro())
	return err
}

// findLiveVisit is findLive for the token of a visit: what it is compared with lies in the tenant that
// was entered, where the visitor has no epoch of their own.
func findLiveVisit(ctx context.Context, tx *store.Tx, id, visitor string) (liveSession, error) {
	v, err := findVisit(ctx, tx, id, visitor)
	if err != nil {
		return liveSession{}, err
	}
	l := liveSession{expires: v.expiresAt, visit: &v}
	err = tx.QueryRow(ctx, `
		SELECT t.epoch
		FROM tenants t
		WHERE t.tenant_id = $1`, nil, &l.epochs.Tenant)
	return l, err
}

// endVisits ends those of a visitor that are in force, of anybody where none is named, or the one with
// an id, and returns the ids of those that it has ended.
func endVisits(ctx context.Context, tx *store.Tx, visitor, id, reason string) ([]string, error) {
	return store.Collect(ctx, tx, store.Text, `
		UPDATE visits
		SET ended_at = $4, end_reason = $5
		WHERE tenant_id = $1
		  AND ($2 = '' OR visitor = $2)
		  AND ($3 = '' OR id = $3)
		  AND ended_at IS NULL
		  AND expires_at > $4
		RETURNING id`, visitor, id, tx.Now.UnixMicro(), reason)
}

// findVisit finds a visit that has not been ended; [store.ErrNotFound] when there is none.
func findVisit(ctx context.Context, tx *store.Tx, id, visitor string) (visit, error) {
	return store.One(ctx, tx, scanVisit, `SELECT`+visitColumns+`
		FROM visits v
		WHERE v.tenant_id = $1
		  AND v.id = $2
		  AND v.visitor = $3
		  AND v.ended_at IS NULL`, id, visitor)
}

// visitsOf reads the visits of a tenant, newest first, from before the one with the id; "" for the
// newest.
func visitsOf(ctx context.Context, tx *store.Tx, before string, limit int) ([]visit, error) {
	w := tx.Where("v")
	if before != "" {
		w.And("v.id < ?", before)
	}
	return store.Collect(ctx, tx, scanVisit, `SELECT`+visitColumns+`
		FROM visits v`+w.String()+`
		ORDER BY v.id DESC
		LIMIT `+w.First(limit), w.Args()...)
}

// visitLimit is how long a visit may last at most, as the platform has set it.
func visitLimit(ctx context.Context, tx *store.Tx) (time.Duration, error) {
	var minutes int64
	err := tx.QueryRow(ctx, `
		SELECT p.visit_minutes
		FROM platform_settings p
		WHERE p.tenant_id = $1`, nil, &minutes)
	return time.Duration(minutes) * time.Minute, err
}
