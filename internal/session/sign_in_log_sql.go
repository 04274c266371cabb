package session

import (
	"context"
	"database/sql"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

func insertSignIn(ctx context.Context, tx *store.Tx, l signInLine) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO sign_ins (tenant_id, id, time, user_id, masked_name, method, outcome, reason, tries, address, user_agent, new_device, burst)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		l.id, l.time.UnixMicro(), sql.NullString{String: l.user, Valid: l.user != ""}, l.maskedName, l.method, l.outcome, string(l.reason),
		l.tries, l.from.address, l.from.userAgent, l.newDevice, l.burst)
	return err
}

// dropSignIns takes lines from before an instant off the old end of the log: not all at once, so that
// nobody who signs in has to wait for it, and more than are added. The end is looked for first, along
// the key; a time in the DELETE would make PostgreSQL read the whole log.
func dropSignIns(ctx context.Context, tx *store.Tx, before time.Time) error {
	var last sql.NullString
	err := tx.QueryRow(ctx, `
		SELECT max(o.id)
		FROM (
			SELECT l.id, l.time
			FROM sign_ins l
			WHERE l.tenant_id = $1
			ORDER BY l.id
			LIMIT 100) o
		WHERE o.time < $2`, []any{before.UnixMicro()}, &last)
	if err != nil || !last.Valid {
		return err
	}
	_, err = tx.Exec(ctx, `
		DELETE FROM sign_ins
		WHERE tenant_id = $1
		  AND id <= $2`, last.String)
	return err
}

// signInsOf reads the lines about a user that were asked for, newest first, from where a page before has
// ended, one more than the limit.
func signInsOf(ctx context.Context, tx *store.Tx, user string, asked SignInPage, after []string) ([]signInLine, error) {
	w := tx.Where("l")
	w.And("l.user_id = ?", user)
	asked.narrow(w)
	if len(after) == 1 {
		w.And("l.id < ?", after[0])
	}
	return store.Collect(ctx, tx, scanSignIn, `
		SELECT
			l.id,
			l.time,
			l.method,
			l.outcome,
			l.reason,
			l.tries,
			l.address,
			l.user_agent,
			l.new_device,
			l.burst
		FROM sign_ins l`+w.String()+`
		ORDER BY l.id DESC
		LIMIT `+w.First(asked.Limit+1), w.Args()...)
}

func scanSignIn(r store.Row) (signInLine, error) {
	var l signInLine
	var at int64
	err := r.Scan(&l.id, &at, &l.method, &l.outcome, &l.reason, &l.tries, &l.from.address, &l.from.userAgent, &l.newDevice, &l.burst)
	l.time = time.UnixMicro(at).UTC()
	return l, err
}
