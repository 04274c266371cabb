package store

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// How long PostgreSQL is waited for. It is one answer that has a deadline, not a transaction: long work, such as an
// import, is many statements, and a server that stands still, or a line on which nothing arrives any more, shows at the
// first of them. A statement that is given up is cancelled, and its connection ends.
const (
	connectTime = 5 * time.Second  // unless the address has a connect_timeout
	answerTime  = 20 * time.Second // unless the address has a statement_timeout
	// eachTime is what one more of many statements adds that are waited for together, and manyTime what all of them add
	// at most: a thousand small ones take seconds, and who stands still shows as soon.
	eachTime = time.Second
	manyTime = time.Minute
	// graceTime is how much longer than its own statement_timeout the server is waited for: its word comes first.
	graceTime = 2 * time.Second
	// idleTime is how long the server keeps a transaction, with the locks that it holds, of a node that says nothing
	// any more: its machine may be gone without a word. A role, a database or a server may have another.
	idleTime = time.Minute
)

// settleDeadlines fills in what the address leaves open, and returns how long an answer may take.
func settleDeadlines(c *pgx.ConnConfig) time.Duration {
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = connectTime
	}
	if own, ok := durationOf(c.RuntimeParams["statement_timeout"]); ok {
		return own + graceTime
	}
	return answerTime
}

// durationOf reads a setting of PostgreSQL: a number of milliseconds, or one with a unit. Zero, which says that nothing
// ends a statement, is none.
func durationOf(setting string) (time.Duration, bool) {
	if ms, err := strconv.ParseInt(setting, 10, 32); err == nil {
		return time.Duration(ms) * time.Millisecond, ms > 0
	}
	d, err := time.ParseDuration(setting)
	return d, err == nil && d > 0
}

// within is the context of one answer.
func (e *postgresEngine) within(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, e.answerTime)
}

// withinAll is the context of the answers to so many statements that travel together.
func (e *postgresEngine) withinAll(ctx context.Context, statements int) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, batchTime(e.answerTime, statements))
}

func batchTime(answer time.Duration, statements int) time.Duration {
	return answer + min(time.Duration(statements)*eachTime, manyTime)
}

// timedRows ends the time that an answer has when it has been read.
type timedRows struct {
	pgx.Rows
	end context.CancelFunc
}

// Close is called for rows that were read to their end as well.
func (r timedRows) Close() {
	r.Rows.Close()
	r.end()
}
