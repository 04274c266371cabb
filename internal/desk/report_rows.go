package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/usher-desk/usher/internal/calendar"
	"github.com/usher-desk/usher/internal/store"
)

// finish puts the rows in order: every day of the period or hour of the day, or what has a name by that
// name, and last what has no key.
func (r *report[F]) finish(ctx context.Context, tx *store.Tx) (err error) {
	switch r.by {
	case byDay:
		return r.everyDay()
	case byHour:
		return r.everyHour()
	}
	if r.names, err = r.findNames(ctx, tx); err != nil {
		return err
	}
	slices.SortFunc(r.rows, func(x, y reportRow[F]) int {
		return cmp.Or(
			keyless(x.key)-keyless(y.key),
			cmp.Compare(r.names[x.key], r.names[y.key]),
			cmp.Compare(x.key, y.key),
		)
	})
	return nil
}

// keyless is 1 without a key.
func keyless(key string) int {
	if key == "" {
		return 1
	}
	return 0
}

// everyDay gives each day a row, also those on which nothing began.
func (r *report[F]) everyDay() error {
	days := make([]reportRow[F], r.Days())
	for i := range days {
		days[i].key = (r.First + calendar.Day(i)).String()
	}
	for _, one := range r.rows {
		n, err := strconv.ParseInt(one.key, 10, 64)
		d := calendar.Day(n)
		if err != nil || d < r.First || d > r.Last {
			return fmt.Errorf("desk: a report of %s to %s counts something on day %s", r.First, r.Last, one.key)
		}
		days[d-r.First].figures = one.figures
	}
	r.rows = days
	return nil
}

// everyHour gives each hour of the day a row, also those in which nothing ever began.
func (r *report[F]) everyHour() error {
	hours := make([]reportRow[F], calendar.Hours)
	for i := range hours {
		hours[i].key = strconv.Itoa(i)
	}
	for _, one := range r.rows {
		n, err := strconv.Atoi(one.key)
		if err != nil || n < 0 || n >= calendar.Hours {
			return fmt.Errorf("desk: a report counts something in hour %s", one.key)
		}
		hours[n].figures = one.figures
	}
	r.rows = hours
	return nil
}

// findNames looks up what the keys are called.
func (r *report[F]) findNames(ctx context.Context, tx *store.Tx) (map[string]string, error) {
	w := tx.Where("n")
	ids := store.Set{}
	for _, one := range r.rows {
		ids = append(ids, one.key)
	}
	w.And("n.id IN ?", ids)
	table := map[grouping]string{byAgent: "users", byDepartment: "departments", bySkill: "skills"}[r.by]
	return readNames(ctx, tx, `SELECT n.id, n.name FROM `+table+` n`+w.String(), w.Args()...)
}
