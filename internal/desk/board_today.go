package desk

import (
	"context"
	"database/sql"
	"time"

	"github.com/usher-desk/usher/internal/calendar"
	"github.com/usher-desk/usher/internal/store"
)

// dayCount counts the cycles that began today in a department, "" for none.
type dayCount struct {
	department string

	began, answered, prompt, missed, abandoned, resolved, rated int64
	answering, resolving                                        time.Duration // all together
	stars                                                       int64         // the ratings added up
}

func (c *dayCount) add(d dayCount) {
	c.began += d.began
	c.answered += d.answered
	c.prompt += d.prompt
	c.missed += d.missed
	c.abandoned += d.abandoned
	c.resolved += d.resolved
	c.rated += d.rated
	c.answering += d.answering
	c.resolving += d.resolving
	c.stars += d.stars
}

func (c *dayCount) json(d calendar.Day) todayJSON {
	return todayJSON{
		Date: d.String(), Began: c.began, Abandoned: c.abandoned,
		Answered: c.answered, FirstResponse: average(c.answering.Seconds(), c.answered),
		Resolved: c.resolved, Resolution: average(c.resolving.Seconds(), c.resolved),
		Rated: c.rated, Rating: average(float64(c.stars), c.rated),
		ServiceLevel: average(float64(c.prompt), c.answered+c.missed),
	}
}

// readToday counts the cycles that began at an instant or since, by department.
func readToday(ctx context.Context, tx *store.Tx, since time.Time) ([]dayCount, error) {
	return store.Collect(ctx, tx, scanDayCount, `
		SELECT
			y.department_id,
			count(*),
			count(`+firstResponse.took()+`),
			count(*) FILTER (WHERE `+firstResponse.took()+` <= $3),
			count(*) FILTER (WHERE `+firstResponse.missed("$3", "$4")+`),
			count(*) FILTER (WHERE y.end_state = 'abandoned'),
			count(`+resolution.took()+`),
			count(y.rating),
			CAST(coalesce(sum(`+firstResponse.took()+`), 0) AS BIGINT),
			CAST(coalesce(sum(`+resolution.took()+`), 0) AS BIGINT),
			CAST(coalesce(sum(y.rating), 0) AS BIGINT)
		FROM conversation_cycles y
		WHERE y.tenant_id = $1 AND y.queued_at >= $2
		GROUP BY y.department_id`, since.UnixMicro(), promptly.Microseconds(), tx.Now.UnixMicro())
}

func scanDayCount(r store.Row) (dayCount, error) {
	var c dayCount
	var department sql.NullString
	var answering, resolving int64
	err := r.Scan(&department, &c.began, &c.answered, &c.prompt, &c.missed, &c.abandoned, &c.resolved, &c.rated,
		&answering, &resolving, &c.stars)
	c.department = department.String
	c.answering, c.resolving = time.Duration(answering)*time.Microsecond, time.Duration(resolving)*time.Microsecond
	return c, err
}

// average is nil of nothing.
func average(sum float64, n int64) *float64 {
	if n == 0 {
		return nil
	}
	mean := sum / float64(n)
	return &mean
}
