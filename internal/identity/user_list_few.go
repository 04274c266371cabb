package identity

import (
	"context"
	"slices"

	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
)

// few is how many users are looked up one by one. Where there may be more, walking through the names fills
// a page sooner.
const few = 1000

// from is where the page is taken from: of all users, or, where the conditions leave only few, of these. A walk
// through the names could pass nearly everybody before the page is full.
func (in *usersInput) from(ctx context.Context, tx *store.Tx, w *store.Where, sees sight, p *policy.Compiled) (string, error) {
	if len(in.IDs) > 0 {
		return w.Among("users", "u", "id", store.Set(in.IDs)), nil
	}
	for _, list := range in.shortlists(tx, sees, p) {
		ids, err := list.read(ctx, tx)
		if err != nil {
			return "", err
		}
		if len(ids) <= few {
			return w.Among("users", "u", "id", append(ids, list.besides...)), nil
		}
	}
	return "users u", nil
}

// shortlist is a set of users outside of which nobody fulfils a condition.
type shortlist struct {
	from    string // a table with the column user_id
	where   *store.Where
	besides []string
}

// read returns no more than one too many, some perhaps twice.
func (l shortlist) read(ctx context.Context, tx *store.Tx) ([]string, error) {
	return store.Collect(ctx, tx, store.Text, `
		SELECT x.user_id
		FROM `+l.from+` x`+l.where.String()+`
		LIMIT `+l.where.First(few+1), l.where.Args()...)
}

// shortlists has one for each condition that may leave few users.
func (in *usersInput) shortlists(tx *store.Tx, sees sight, p *policy.Compiled) (lists []shortlist) {
	if in.Role != "" {
		w := tx.Where("x")
		w.And("x.role = ?", in.Role)
		lists = append(lists, shortlist{from: "role_assignments", where: w})
	}
	if in.Department != "" {
		lists = append(lists, members(tx, p.Reach([]string{in.Department})))
	}
	if !sees.reads.Everything && !sees.views.Everything {
		seen := members(tx, slices.Concat(sees.reads.Departments, sees.views.Departments))
		seen.besides = []string{sees.reads.Subject, sees.views.Subject}
		lists = append(lists, seen)
	}
	return lists
}

func members(tx *store.Tx, departments []string) shortlist {
	w := tx.Where("x")
	w.And("x.department_id IN ?", store.Set(departments))
	return shortlist{from: "user_departments", where: w}
}
