package desk

import (
	"context"
	"database/sql"
	"math"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// times are the figures of a measure.
type times struct {
	count                int64 // of cycles in which it has ended
	average, median, p90 time.Duration
	within               int64 // of those: ended within the target
	missed               int64 // of the others: not ended within it
}

// count reads the times of a measure, against a target. Percentiles are by the nearest rank: the smallest
// value that at least so many of the cycles do not exceed. Whoever waited that long is a real person.
func (m measure) count(target time.Duration) counting[times] {
	return func(ctx context.Context, tx *store.Tx, q *question) ([]reportRow[times], error) {
		w := q.where(tx)
		key, args := q.key(w)
		limit, now := w.Param(len(args)+1), w.Param(len(args)+2)
		args = append(args, target.Microseconds(), q.now.UnixMicro())
		return store.Collect(ctx, tx, scanTimes, `
		WITH measured AS (
			SELECT
				`+key+` AS k,
				`+m.took()+` AS took,
				CASE WHEN `+m.missed(limit, now)+` THEN 1 ELSE 0 END AS missed
			FROM conversation_cycles y`+w.String()+`
		), ranked AS (
			SELECT
				m.k,
				m.took,
				m.missed,
				row_number() OVER (PARTITION BY m.k ORDER BY m.took NULLS LAST) AS place,
				count(m.took) OVER (PARTITION BY m.k) AS n
			FROM measured m
		)
		SELECT
			r.k,
			count(r.took),
			CAST(coalesce(avg(r.took), 0) AS DOUBLE PRECISION),
			coalesce(min(r.took) FILTER (WHERE r.place * 2 >= r.n), 0),
			coalesce(min(r.took) FILTER (WHERE r.place * 10 >= r.n * 9), 0),
			count(*) FILTER (WHERE r.took <= `+limit+`),
			sum(r.missed)
		FROM ranked r
		GROUP BY r.k`, w.Args(args...)...)
	}
}

func scanTimes(r store.Row) (reportRow[times], error) {
	var key sql.NullString
	var t times
	var average float64
	var median, p90 int64
	err := r.Scan(&key, &t.count, &average, &median, &p90, &t.within, &t.missed)
	t.average = time.Duration(math.Round(average)) * time.Microsecond
	t.median, t.p90 = time.Duration(median)*time.Microsecond, time.Duration(p90)*time.Microsecond
	return reportRow[times]{key.String, t}, err
}
