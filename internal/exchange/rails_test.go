package exchange_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// clerk may do all that imports ask for, and holds little to give away.
func clerk(t *servertest.Tenant, root *servertest.Client) *servertest.Client {
	root.Do("POST", "/v1/roles", map[string]any{"name": "clerk", "permissions": []string{
		"user:import", "user:export", "user:create", "user:update", "user:read", "user:view", "role:assign", "role:create", "role:read", "department:create", "tag:read",
	}}).Expect(201)
	return t.NewUser("clerk", nil, "clerk").SignIn()
}

// codes are the rows of a dry run that are refused, each with its code.
func codes(a *servertest.Answer) map[int]string {
	var got outcome
	a.Expect(200).Into(&got)
	found := map[int]string{}
	for _, e := range got.Errors {
		found[e.Row] = e.Code
	}
	return found
}

// The guard rails hold for each row, and the rows that they refuse are named.
func TestGuardRailsHoldForEachRow(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		root := acme.NewUser("root", nil, "admin").SignIn()
		by := clerk(acme, root)
		acme.NewUser("weak", nil)
		for _, c := range []struct {
			name, path, file string
			want             map[int]string
		}{
			{"users", "users", lines("username,phone,roles,permission_list",
				"new1,,clerk,", "new2,,admin,", "new3,,,audit_log:read", "new4,,,tag:read", "root,110,admin,", "clerk,,admin,", "weak,,admin,"),
				map[int]string{3: "cannot_grant", 4: "cannot_grant", 6: "stronger_user", 7: "own_access", 8: "cannot_grant"}},
			{"assignments", "assignments", lines("username,role", "weak,clerk", "clerk,clerk", "weak,admin"),
				map[int]string{4: "cannot_grant"}},
			{"assignments", "assignments", lines("username,role", "clerk,agent"), map[int]string{2: "own_access"}},
			{"roles", "roles", lines("name,permissions", "small,tag:read", "large,*", "agent,tag:read", "permissions,tag:read"),
				map[int]string{3: "cannot_grant", 4: "role_differs", 5: ""}},
		} {
			t.Run(c.name, func(t *testing.T) {
				before := string(root.Do("GET", "/v1/exports/"+c.path, nil).Expect(200).Body)
				if diff := cmp.Diff(c.want, codes(bring(by, c.path+"?dry_run=true", c.file))); diff != "" {
					t.Errorf("refused (-want +got):\n%s", diff)
				}
				bring(by, c.path, c.file).Refused(422, "bad_rows")
				if diff := cmp.Diff(before, string(root.Do("GET", "/v1/exports/"+c.path, nil).Expect(200).Body)); diff != "" {
					t.Errorf("something was kept (-before +after):\n%s", diff)
				}
			})
		}
	})
}

// Roles, lists and departments need role:assign, what one signs in with needs user:reset_credentials, to begin out of use needs
// user:disable, and who may only see some departments names no others.
func TestWhatImportsAskFor(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		root := acme.NewUser("root", nil, "admin").SignIn()
		it := acme.NewDepartment("IT", "")
		acme.NewDepartment("Help", it)
		acme.NewUser("old", nil, "agent")
		root.Do("POST", "/v1/roles", map[string]any{"name": "porter", "permissions": []string{"user:import", "user:export", "user:create", "department:create:department", "user:read"}}).Expect(201)
		by := acme.NewUser("porter", []string{it}, "porter").SignIn()
		want := map[int]string{3: "no_permission", 4: "no_permission", 5: "no_permission", 6: "no_permission", 7: "no_permission"}
		file := lines("username,departments,roles,permission_list,active",
			"a,,user,,true", "b,IT,user,,true", "c,,agent,,true", "d,,user,tag:read,true", "e,,user,,false", "old,,agent,,true")
		if diff := cmp.Diff(want, codes(bring(by, "users?dry_run=true", file))); diff != "" {
			t.Errorf("refused (-want +got):\n%s", diff)
		}
		hash := hashed(t, "$2a$")
		want = map[int]string{2: "no_permission", 3: "no_permission"}
		if diff := cmp.Diff(want, codes(bring(by, "users?dry_run=true", lines("username,password_hash,wecom_user_id", "f,"+hash+",", "g,,g")))); diff != "" {
			t.Errorf("refused (-want +got):\n%s", diff)
		}
		want = map[int]string{2: "out_of_scope"}
		if diff := cmp.Diff(want, codes(bring(by, "departments?dry_run=true", lines("path", "Roof", "IT/Cellar", "IT/Cellar/Box")))); diff != "" {
			t.Errorf("refused (-want +got):\n%s", diff)
		}
		file = string(by.Do("GET", "/v1/exports/users", nil).Expect(200).Body)
		if strings.Contains(file, ",IT,") || !strings.Contains(file, it) {
			t.Errorf("who may not read a department sees its name: %s", file)
		}
		by.Do("GET", "/v1/exports/departments", nil).Refused(403, "no_permission")
		bring(by, "roles", lines("name", "x")).Refused(403, "no_permission")
		bring(by, "assignments", lines("username,role", "old,agent")).Refused(403, "no_permission")
	})
}

// A list stands in the way of roles, and a role for a department of its own stays.
func TestListsAndOtherRolesStand(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		root := s.NewTenant("acme", "it-desk").NewUser("root", nil, "admin").SignIn()
		expect(t, bring(root, "users", lines("username,roles,permission_list", "li,agent,tag:read")), outcome{Rows: 1, Created: 1})
		for _, file := range []struct{ path, text string }{
			{"users", lines("username,roles", "li,auditor")}, {"assignments", lines("username,role", "li,auditor")},
		} {
			if got := codes(bring(root, file.path+"?dry_run=true", file.text)); got[2] != "permission_list_stands" {
				t.Errorf("%s: %v", file.path, got)
			}
		}
		expect(t, bring(root, "users", lines("username,roles,permission_list", "li,agent,")), outcome{Rows: 1, Changed: 1})
		expect(t, bring(root, "assignments", lines("username,role,departments", "li,auditor,[]")), outcome{Rows: 1, Created: 1})
		expect(t, bring(root, "users", lines("username,roles", "li,team_lead")), outcome{Rows: 1, Changed: 1})
		file := string(root.Do("GET", "/v1/exports/assignments", nil).Expect(200).Body)
		if !strings.Contains(file, "li,auditor,,[]") || !strings.Contains(file, "li,team_lead,,\r\n") || strings.Contains(file, "li,agent") {
			t.Errorf("the roles are %s", file)
		}
	})
}

// Separation of duties holds for what a file brings, in one row or in several.
func TestExclusionsHoldForEachRow(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		root := acme.NewUser("root", nil, "admin").SignIn()
		acme.NewUser("li", nil, "agent")
		acme.NewUser("wu", nil)
		root.Do("POST", "/v1/exclusions", map[string]any{"name": "apart", "roles": []string{"agent", "auditor"}}).Expect(201)
		for path, file := range map[string]string{
			"users":       lines("username,roles", "a,agent", "b,agent;auditor", "li,auditor;agent"),
			"assignments": lines("username,role", "wu,agent", "li,auditor", "li,user"),
		} {
			want := map[string]map[int]string{
				"users": {3: "excluded_roles", 4: "excluded_roles"}, "assignments": {4: "excluded_roles"}, // of a user's rows the last is named
			}[path]
			if diff := cmp.Diff(want, codes(bring(root, path+"?dry_run=true", file))); diff != "" {
				t.Errorf("%s refused (-want +got):\n%s", path, diff)
			}
			bring(root, path, file).Refused(422, "bad_rows")
		}
	})
}

// Whom and what the caller may not see is answered like what is not there, as far as that can be.
func TestImportsTellNothingOfWhatIsHidden(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		root := acme.NewUser("root", nil, "admin").SignIn()
		it, vault := acme.NewDepartment("IT", ""), acme.NewDepartment("Vault", "")
		acme.NewDepartment("Safe", vault)
		acme.NewUser("hidden", []string{vault}, "agent")
		for name, more := range map[string][]string{
			"looker": nil, "maker": {"user:create", "role:assign"}, "builder": {"department:create:department", "user:create:department", "role:create"},
		} {
			root.Do("POST", "/v1/roles", map[string]any{"name": name, "permissions": append([]string{
				"user:import", "user:update", "user:read:department", "user:view:department", "department:read:department",
			}, more...)}).Expect(201)
		}
		for name, c := range map[string]struct{ path, header, there, nowhere string }{
			"looker's name":         {"users", "username,phone", "hidden,1", "nobody,1"},
			"looker's role":         {"users", "username,roles", "hidden,admin", "nobody,admin"},
			"looker's hash":         {"users", "username,password_hash", "hidden," + hashed(t, "$2a$"), "nobody," + hashed(t, "$2a$")},
			"looker's departments":  {"users", "username,departments", "nobody,Vault", "nobody,Nowhere"},
			"maker's departments":   {"users", "username,departments", "nobody,Vault/Safe", "nobody,Vault/Nowhere"},
			"maker's assignment":    {"assignments", "username,role", "hidden,agent", "nobody,agent"},
			"maker's places":        {"assignments", "username,role,departments", "maker,agent,Vault", "maker,agent,Nowhere"},
			"builder's departments": {"departments", "path", "Vault/New", "Nowhere/New"},
			"builder's name":        {"users", "username", "hidden", "nobody"},
		} {
			t.Run(name, func(t *testing.T) {
				role, _, _ := strings.Cut(name, "'")
				by := acme.NewUser(role+"-"+strings.Fields(name)[1], []string{it}, role).SignIn()
				ask := func(row string) string {
					var got outcome
					bring(by, c.path+"?dry_run=true", lines(c.header, strings.ReplaceAll(row, "maker", by.User.Username))).Expect(200).Into(&got)
					if len(got.Errors) != 1 {
						t.Errorf("%s: %+v", row, got)
					}
					return fmt.Sprint(got.Errors)
				}
				if there, nowhere := ask(c.there), ask(c.nowhere); there != nowhere {
					t.Errorf("there: %s; nowhere: %s", there, nowhere)
				}
			})
		}
		by := acme.NewUser("m", []string{it}, "maker").SignIn()
		if got := codes(bring(by, "users?dry_run=true", lines("username,departments,roles", "HIDDEN,,", "x,"+vault+",", "y,IT,"))); got[2] != "username_taken" || len(got) != 1 {
			t.Errorf("a name that is taken, an id and a name that may be read: %v", got)
		}
	})
}
