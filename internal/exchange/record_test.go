package exchange_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/trail"
)

// records are those of an event in the order in which they were written.
func records(t *testing.T, s *servertest.Server, tenant, event string) (found []trail.Record) {
	t.Helper()
	err := s.DB.Read(t.Context(), tenant, func(tx *store.Tx) (err error) {
		found, err = store.Collect(t.Context(), tx, func(r store.Row) (trail.Record, error) {
			var body []byte
			if err := r.Scan(&body); err != nil {
				return trail.Record{}, err
			}
			return trail.Parse(body)
		}, `SELECT b.body FROM audit_bodies b WHERE b.tenant_id = $1 AND b.event = $2 ORDER BY b.id`, event)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// told is what a record says became of whom.
func told(r trail.Record) string {
	var fields []string
	for f := range r.Change.All() {
		text := f.Field
		if f.Old != nil || f.New != nil {
			text += fmt.Sprintf("%v%v", f.Old, f.New)
		}
		if f.OldCommitted != "" || f.NewCommitted != "" {
			text += " committed"
		}
		fields = append(fields, text)
	}
	slices.Sort(fields)
	return fmt.Sprint(len(r.Target), " ", strings.Join(fields, ", "))
}

// What became of each user can be read from the trail: those who begin alike share a record, of the others
// each has one.
func TestAnImportTellsWhatItDidToEach(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		root := acme.NewUser("root", nil, "admin").SignIn()
		acme.NewDepartment("IT", "")
		li, wang := acme.NewUser("li", nil, "agent"), acme.NewUser("wang", nil, "agent", "auditor")
		rows := []string{"username,departments,roles,password_hash", "li,IT,agent,", "wang,,team_lead,", "eve,,agent," + hashed(t, "$2a$")}
		for i := range 101 {
			rows = append(rows, fmt.Sprintf("u%d,IT,agent,", i))
		}
		answer := bring(root, "users", lines(rows...)).Expect(200)
		var got []string
		found := records(t, s, acme.ID, "user.import")
		for _, r := range found {
			got = append(got, told(r))
			if r.Context.Request != answer.Header.Get("X-Request-Id") || r.Outcome.Result != trail.Success {
				t.Errorf("%+v", r)
			}
		}
		want := []string{
			"1 departments committed",
			"1 role_assignments, roles[agent auditor][team_lead]",
			"1 locale[][en], must_change_password[][true], name, password, role_assignments, roles[][agent], username",
			"100 departments, locale[][en], name, role_assignments, roles[][agent], username",
			"1 departments, locale[][en], name, role_assignments, roles[][agent], username",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the records (-want +got):\n%s", diff)
		}
		if found[0].ID != answer.Header.Get("Audit-Record") || found[0].Target[0].ID != li.ID || found[1].Target[0].ID != wang.ID || found[0].Outcome.N != 104 {
			t.Errorf("the first two are %+v, %+v", found[0], found[1])
		}
		bring(root, "assignments", lines("username,role", "li,team_lead", "li,auditor")).Expect(200)
		if r := records(t, s, acme.ID, "assignment.import"); len(r) != 1 || told(r[0]) != "1 role_assignments, roles[agent][agent auditor team_lead]" {
			t.Errorf("%+v", r)
		}
	})
}
