package store_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// userCoverage says where users keep what scopes look at; see user.
var userCoverage = store.Coverage{
	Owner:      "u.id = ?",
	Assignee:   "u.permission_list = ?",
	Unassigned: "u.active AND u.permission_list IS NULL",
	Department: "EXISTS (SELECT 1 FROM user_departments m WHERE m.tenant_id = $1 AND m.user_id = u.id AND m.department_id IN ?)",
}

func (u user) object(tenant string) access.Object {
	return access.Object{Tenant: tenant, Resource: "user", ID: u.id, Owners: []string{u.id},
		Assignee: u.colleague, Assignable: u.active, Departments: u.departments}
}

// every combination of what scopes look at stands in a row.
func everyKindOfUser(t *testing.T, db *store.DB) []user {
	t.Helper()
	var users []user
	for _, colleague := range []string{"", "u0", "u1"} {
		for _, active := range []bool{true, false} {
			for _, departments := range [][]string{nil, {"d1"}, {"d2"}, {"d1", "d2"}} {
				u := user{id: fmt.Sprintf("u%d", len(users)), colleague: colleague, active: active, departments: departments}
				users = append(users, u)
				addUser(t, db, "t1", u)
			}
		}
	}
	return users
}

var anyFilter = rapid.Custom(func(t *rapid.T) access.Filter {
	departments := rapid.SliceOfDistinct(rapid.SampledFrom([]string{"d1", "d2", "d3"}), rapid.ID[string]).Draw(t, "departments")
	slices.Sort(departments)
	return access.Filter{
		Tenant: "t1", Resource: "user", Departments: departments,
		Subject:    rapid.SampledFrom([]string{"u0", "u1", "u2", "nobody"}).Draw(t, "subject"),
		Everything: rapid.IntRange(0, 9).Draw(t, "everything") == 0,
		Owner:      rapid.Bool().Draw(t, "owner"),
		Assignee:   rapid.Bool().Draw(t, "assignee"),
		Unassigned: rapid.Bool().Draw(t, "unassigned"),
	}
})

// The filter in SQL and the filter in memory are one: on every row, for every filter.
func TestCoveredIsCovers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		withDepartments(t, db, "d2")
		users := everyKindOfUser(t, db)
		newTenant(t, db, "t2")
		addUser(t, db, "t2", user{id: "u0", active: true, departments: []string{"d1"}})
		rapid.Check(t, func(rt *rapid.T) {
			f := anyFilter.Draw(rt, "filter")
			got := map[string]bool{}
			for _, id := range covered(t, db, f, userCoverage) {
				got[id] = true
			}
			for _, u := range users {
				o := u.object("t1")
				if got[u.id] != f.Covers(&o) {
					rt.Errorf("%+v: covered %t, covers %t", u, got[u.id], f.Covers(&o))
				}
			}
		})
	})
}

func covered(t *testing.T, db *store.DB, f access.Filter, c store.Coverage) []string {
	t.Helper()
	var found []string
	err := db.Read(t.Context(), "t1", func(tx *store.Tx) (err error) {
		w := tx.Where("u")
		w.Covered(f, c)
		found, err = store.Collect(t.Context(), tx, store.Text, `SELECT u.id FROM users u`+w.String()+` ORDER BY u.id`, w.Args()...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// What a resource does not have never covers.
func TestCoverageThatIsMissingNeverCovers(t *testing.T) {
	db := storetest.SQLite(t)
	newTenant(t, db, "t1")
	addUser(t, db, "t1", user{id: "u0", colleague: "u0", active: true, departments: []string{"d1"}})
	f := access.Filter{Tenant: "t1", Resource: "user", Subject: "u0", Owner: true, Assignee: true, Unassigned: true, Departments: []string{"d1"}}
	if found := covered(t, db, f, store.Coverage{}); found != nil {
		t.Errorf("found %v", found)
	}
	if diff := cmp.Diff([]string{"u0"}, covered(t, db, access.Filter{Everything: true}, store.Coverage{})); diff != "" {
		t.Error(diff)
	}
}
