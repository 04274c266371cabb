package desk

import (
	"context"
	"database/sql"

	"github.com/usher-desk/usher/internal/store"
)

// stars are the figures of ratings.
type stars struct {
	resolved int64
	rated    int64
	scores   [5]int64 // how many gave 1, 2, 3, 4 and 5
}

func countStars(ctx context.Context, tx *store.Tx, q *question) ([]reportRow[stars], error) {
	return countRows(ctx, tx, q, func(r store.Row) (reportRow[stars], error) {
		var key sql.NullString
		var s stars
		err := r.Scan(&key, &s.resolved, &s.rated, &s.scores[0], &s.scores[1], &s.scores[2], &s.scores[3], &s.scores[4])
		return reportRow[stars]{key.String, s}, err
	}, `
			count(*) FILTER (WHERE y.end_state = 'resolved'),
			count(y.rating),
			count(*) FILTER (WHERE y.rating = 1),
			count(*) FILTER (WHERE y.rating = 2),
			count(*) FILTER (WHERE y.rating = 3),
			count(*) FILTER (WHERE y.rating = 4),
			count(*) FILTER (WHERE y.rating = 5)`)
}

// flow is the figures of how much there is to do.
type flow struct{ opened, reopened, resolved, abandoned int64 }

func countFlow(ctx context.Context, tx *store.Tx, q *question) ([]reportRow[flow], error) {
	return countRows(ctx, tx, q, func(r store.Row) (reportRow[flow], error) {
		var key sql.NullString
		var f flow
		err := r.Scan(&key, &f.opened, &f.reopened, &f.resolved, &f.abandoned)
		return reportRow[flow]{key.String, f}, err
	}, `
			count(*) FILTER (WHERE y.cycle = 1),
			count(*) FILTER (WHERE y.cycle > 1),
			count(*) FILTER (WHERE y.end_state = 'resolved'),
			count(*) FILTER (WHERE y.end_state = 'abandoned')`)
}

// countRows reads figures that need nothing but counting.
func countRows[F any](ctx context.Context, tx *store.Tx, q *question, scan func(store.Row) (reportRow[F], error), figures string) ([]reportRow[F], error) {
	w := q.where(tx)
	key, args := q.key(w)
	return store.Collect(ctx, tx, scan, `
		SELECT
			`+key+` AS k,`+figures+`
		FROM conversation_cycles y`+w.String()+`
		GROUP BY 1`, w.Args(args...)...)
}
