package exchange_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// mostAssignments is how many assignments a user may have.
const mostAssignments = 64

// Rows that give a user more than anybody may have are refused one by one, and those before them stand. What the roles
// grant is not asked of them: the clerk could not give any of it.
func TestRowsBeyondTheLimitOfAUserAreRefused(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		root := acme.NewUser("root", nil, "admin").SignIn()
		acme.NewUser("li", nil, "user")
		rows := []string{"username,role,expires_at"}
		want := map[int]string{}
		for i := range mostAssignments + 3 {
			rows = append(rows, fmt.Sprintf("li,agent,%d-01-01T00:00:00Z", 2040+i))
			if i+1 >= mostAssignments { // li has one already
				want[i+2] = "too_many_roles"
			}
		}
		rows = append(rows, "li,agent,2040-01-01T00:00:00Z", "li,user,")
		if diff := cmp.Diff(want, codes(bring(root, "assignments?dry_run=true", lines(rows...)))); diff != "" {
			t.Errorf("refused (-want +got):\n%s", diff)
		}
		bring(root, "assignments", lines(rows...)).Refused(422, "bad_rows")
		expect(t, bring(root, "assignments", lines(rows[:mostAssignments]...)), outcome{Rows: 63, Created: 63})
		bring(root, "assignments", lines("username,role", "li,auditor")).Refused(422, "bad_rows")
	})
}

// A list of roles that is too long is refused where it stands, before anything of it is written or measured.
func TestAListOfTooManyRolesIsRefused(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		root := acme.NewUser("root", nil, "admin").SignIn()
		by := clerk(acme, root)
		acme.NewUser("weak", nil)
		table, names := []string{"name,permissions"}, []string{}
		for i := range mostAssignments + 1 {
			names = append(names, fmt.Sprint("role", i))
			table = append(table, names[i]+",audit_log:read")
		}
		expect(t, bring(root, "roles", lines(table...)), outcome{Rows: 65, Created: 65})
		all, most := strings.Join(names, ";"), strings.Join(names[:mostAssignments], ";")
		file := lines("username,roles", "new,"+all, "weak,"+all, "fine,"+most)
		want := map[int]string{2: "too_many_roles", 3: "too_many_roles", 4: "cannot_grant"}
		if diff := cmp.Diff(want, codes(bring(by, "users?dry_run=true", file))); diff != "" {
			t.Errorf("refused (-want +got):\n%s", diff)
		}
		expect(t, bring(root, "users", lines("username,roles", "fine,"+most)), outcome{Rows: 1, Created: 1})
	})
}

// A thousand rows that name unknown roles are told of, and few of them with what was meant: each would be compared with
// every role of the tenant while nobody else can write.
func TestUnknownRolesOfAFileAreComparedRarely(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		root := s.NewTenant("acme", "it-desk").NewUser("root", nil, "admin").SignIn()
		users, assignments := []string{"username,roles"}, []string{"username,role"}
		for i := range 500 {
			users = append(users, fmt.Sprintf("u%d,agent%d;agent%d", i, 2*i, 2*i+1))
			assignments = append(assignments, fmt.Sprintf("root,agent%d", i))
		}
		for path, file := range map[string][]string{"users": users, "assignments": assignments} {
			var got outcome
			bring(root, path+"?dry_run=true", lines(file...)).Expect(200).Into(&got)
			suggested := 0
			for _, e := range got.Errors {
				if strings.Contains(e.Message, "did you mean agent") {
					suggested++
				}
			}
			if got.ErrorsTotal < 500 || suggested == 0 || suggested > 100 {
				t.Errorf("%s: %d errors, %d of them with a suggestion", path, got.ErrorsTotal, suggested)
			}
		}
	})
}
