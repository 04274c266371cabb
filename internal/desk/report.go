package desk

import (
	"context"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/calendar"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// Reports count cycles, never messages. A cycle belongs to the day on which it began, so that every figure
// of a row is about the same cycles and a share is one of them. What each figure means stands in
// docs/reports.md.

// The names of the reports that are no measures, which count a cycle as that of whoever held it last.
const (
	ratings   = "ratings"
	volume    = "volume"
	lastAgent = "y.agent_id"
)

// grouping says what the rows of a report are about.
type grouping string

// The groupings.
const (
	byDay        grouping = "day"
	byHour       grouping = "hour" // of the day
	byAgent      grouping = "agent"
	byDepartment grouping = "department"
	bySkill      grouping = "skill"
	altogether   grouping = ""
)

// question is what a report is asked: about which cycles, for whom, in which rows.
type question struct {
	calendar.Period
	by    grouping
	scope access.Filter // which cycles the asker may count
	agent string        // in SQL: to whom a cycle is attributed
	now   time.Time
}

// where leaves the cycles that began in the period and that the asker may count: those attributed to
// themselves or, further, those of departments.
func (q *question) where(tx *store.Tx) *store.Where {
	w := tx.Where("y")
	q.Narrow(w, began)
	w.Covered(q.scope, q.coverage())
	return w
}

func (q *question) coverage() store.Coverage {
	return store.Coverage{Owner: q.agent + " = ?", Department: "y.department_id IN ?"}
}

// began is, in SQL, when a cycle began: on the day, and in the hour, that it belongs to.
const began = "y.queued_at"

// key is, in SQL, what a cycle is counted under, as text; null where it has none.
func (q *question) key(w *store.Where) (column string, args []any) {
	switch q.by {
	case byDay:
		return asText(q.DayColumn(w, began))
	case byHour:
		return asText(q.HourColumn(w, began))
	case byAgent:
		return q.agent, nil
	case byDepartment:
		return "y.department_id", nil
	case bySkill:
		return "y.skill_id", nil
	}
	return "CAST(NULL AS TEXT)", nil
}

func asText(column string, args []any) (string, []any) { return "CAST(" + column + " AS TEXT)", args }

// reportRow is the figures of one key, "" for none.
type reportRow[F any] struct {
	key     string
	figures F
}

// report is what answers a question: the figures of each key, and of all of them together.
type report[F any] struct {
	question
	rows  []reportRow[F]
	sums  F
	names map[string]string // by key
}

// counting reads the figures of a question, those of a key in one row.
type counting[F any] func(ctx context.Context, tx *store.Tx, q *question) ([]reportRow[F], error)

// What decides which cycles a report counts: who takes it away as a file needs more than who looks at it.
const (
	toReport = "report:read"
	toExport = "report:export"
)

// makeReport answers the caller's question by a way of counting, with everything as it stood at one instant.
// The permission says which cycles it may count.
func makeReport[F any](ctx context.Context, s *Service, permission string, in ReportInput, name, agent string, count counting[F]) (report[F], error) {
	r := report[F]{question: question{agent: agent, by: grouping(in.By)}}
	by := caller.Must(ctx)
	var err error
	if r.scope, err = by.Filter(permission); err != nil {
		return r, err
	}
	err = s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) error { return r.read(ctx, tx, in, count) })
	api.Touched(ctx, "report", name)
	api.Counted(ctx, len(r.rows))
	return r, err
}

func (r *report[F]) read(ctx context.Context, tx *store.Tx, in ReportInput, count counting[F]) error {
	zone, err := tenant.Zone(ctx, tx)
	if err != nil {
		return err
	}
	r.now = tx.Now
	if r.Period, err = calendar.PeriodOf(in.From, in.To, tx.Now, zone); err != nil {
		return err
	}
	if r.rows, err = count(ctx, tx, &r.question); err != nil {
		return err
	}
	whole := r.question
	whole.by = altogether
	sums, err := count(ctx, tx, &whole)
	if err != nil {
		return err
	}
	for _, all := range sums { // none where nothing was counted
		r.sums = all.figures
	}
	return r.finish(ctx, tx)
}
