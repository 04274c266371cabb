package session

import (
	"context"

	"github.com/usher-desk/usher/internal/store"
)

// signInCoverage: the owner of a line is whom it is about. Nobody owns those about names that nobody has.
var signInCoverage = store.Coverage{Owner: "l.user_id = ?"}

// tallies has the database add up the lines of the period that the asker may count. It finds them along the
// key, in which lines lie in the order of their time: the rest of the log costs nothing.
func (r *signInReport) tallies(ctx context.Context, tx *store.Tx) ([]signInTally, error) {
	w := tx.Where("l")
	first, end := store.IDsOf(r.Start(), r.End())
	w.And("l.id >= ? AND l.id < ?", first, end)
	r.Narrow(w, "l.time")
	w.Covered(r.scope, signInCoverage)
	key, args := r.key(w)
	return store.Collect(ctx, tx, scanSignInTally, `
		SELECT
			`+key+` AS k,
			l.outcome,
			l.reason,
			CAST(sum(l.tries) AS BIGINT),
			count(*) FILTER (WHERE l.new_device),
			count(*) FILTER (WHERE l.burst)
		FROM sign_ins l`+w.String()+`
		GROUP BY 1, l.outcome, l.reason`, w.Args(args...)...)
}

// key is, in SQL, what a line is counted under.
func (r *signInReport) key(w *store.Where) (column string, args []any) {
	if r.byHour {
		return r.HourColumn(w, "l.time")
	}
	return r.DayColumn(w, "l.time")
}

func scanSignInTally(r store.Row) (signInTally, error) {
	var t signInTally
	err := r.Scan(&t.key, &t.outcome, &t.reason, &t.tries, &t.newDevices, &t.bursts)
	return t, err
}
