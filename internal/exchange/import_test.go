package exchange_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// outcome is what an import answers.
type outcome struct {
	Rows, Created, Changed, Unchanged int
	Errors                            []wrong
	ErrorsTotal                       int      `json:"errors_total"`
	IgnoredColumns                    []string `json:"ignored_columns"`
	Passwords                         int      `json:"passwords_to_change"`
	DryRun                            bool     `json:"dry_run"`
}

type wrong struct {
	Row     int
	Column  string
	Code    string
	Message string
}

// bring imports CSV.
func bring(c *servertest.Client, path, text string) *servertest.Answer {
	return c.Do("POST", "/v1/imports/"+path, text, "Content-Type", "text/csv")
}

// bringJSON imports JSON.
func bringJSON(c *servertest.Client, path, text string) *servertest.Answer {
	return c.Do("POST", "/v1/imports/"+path, text, "Content-Type", "application/json")
}

func expect(t *testing.T, a *servertest.Answer, want outcome) {
	t.Helper()
	var got outcome
	a.Expect(200).Into(&got)
	if want.Errors == nil {
		want.Errors = []wrong{}
	}
	if want.IgnoredColumns == nil {
		want.IgnoredColumns = []string{}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the outcome (-want +got):\n%s", diff)
	}
}

// places are where the errors are, in their order. None is without a word.
func places(t *testing.T, o outcome) (found []string) {
	t.Helper()
	for _, e := range o.Errors {
		found = append(found, fmt.Sprint(e.Row, " ", e.Column))
		if e.Message == "" {
			t.Errorf("row %d is refused without a word", e.Row)
		}
	}
	return found
}

// lines are the rows of a CSV file.
func lines(rows ...string) string { return strings.Join(rows, "\r\n") + "\r\n" }

// A tenant is taken out and brought into an empty one, in both forms. Brought in again it changes nothing,
// and taken out again it is the same.
func TestATenantMovesAsFiles(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		from := s.NewTenant("acme", "it-desk")
		root := from.NewUser("root", nil, "admin").SignIn()
		expect(t, bring(root, "departments", lines("path", `IT/Help; 24\/7`, "IT", "'=Sales")), outcome{Rows: 3, Created: 3})
		expect(t, bring(root, "roles", lines("name,label_zh,permissions,requires_mfa",
			`courier,"=快递, 员",tag:read;department:read:department,true`)), outcome{Rows: 1, Created: 1})
		expect(t, bring(root, "users", lines("username,name,phone,departments,roles,permission_list,active",
			`zhou,=周,'+86 10 1234,IT/Help\; 24\\/7;=Sales,agent;courier,,true`,
			`li,'=李,,,,tag:read,FALSE`,
			`wang,,,,agent,[],`)), outcome{Rows: 3, Created: 3})
		expect(t, bring(root, "assignments", lines("username,role,expires_at,departments",
			"zhou,auditor,2050-01-01T00:00:00+08:00,IT", "zhou,auditor,,[]")), outcome{Rows: 2, Created: 2})
		for i, format := range []string{"csv", "json"} {
			to := s.NewTenant(fmt.Sprint("globex", i), "it-desk").NewUser("root", nil, "admin").SignIn()
			kind := map[string]string{"csv": "text/csv", "json": "application/json"}[format]
			for _, table := range []string{"departments", "roles", "users", "assignments"} {
				path := "/v1/exports/" + table + "?format=" + format
				file := string(root.Do("GET", path, nil).Expect(200).Body)
				for _, again := range []bool{false, true} {
					var got outcome
					to.Do("POST", "/v1/imports/"+table, file, "Content-Type", kind).Expect(200).Into(&got)
					if got.Changed != 0 || again && got.Created != 0 {
						t.Errorf("%s again %t: %+v", path, again, got)
					}
				}
				if table != "users" { // their roles come with the assignments
					if diff := cmp.Diff(file, string(to.Do("GET", path, nil).Expect(200).Body)); diff != "" {
						t.Errorf("%s is another (-before +after):\n%s", path, diff)
					}
				}
			}
			path := "/v1/exports/users?format=" + format
			if diff := cmp.Diff(string(root.Do("GET", path, nil).Expect(200).Body), string(to.Do("GET", path, nil).Expect(200).Body)); diff != "" {
				t.Errorf("users differ (-before +after):\n%s", diff)
			}
		}
	})
}

// Every bad row is named, and nothing of the file is kept, whatever else is in it.
func TestBadRowsAreNamedAndNothingIsKept(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		root := acme.NewUser("root", nil, "admin").SignIn()
		acme.NewUser("wang", nil, "agent")
		file := lines("username,name,email,departments,roles,permission_list,active",
			"good,,,,,,true",
			",,,,,,true",
			"zhou,,nowhere,,,,true",
			"ZHOU,,,Moon,,,true",
			"li,,,,agnet,,true",
			"chen,,,,,tag:raed,maybe",
			"wang,,,,,,false",
			"yang,,,a;;b,,,true",
			"\u200b,,,a\\,;,no,perhaps")
		var got outcome
		bring(root, "users?dry_run=true", file).Expect(200).Into(&got)
		want := []string{
			"3 username", "4 email", "5 username", "6 roles", "7 permission_list", "7 active", "8 active", "9 departments",
			"10 username", "10 departments", "10 roles", "10 permission_list", "10 active",
		}
		if diff := cmp.Diff(want, places(t, got)); diff != "" {
			t.Errorf("wrong are (-want +got):\n%s", diff)
		}
		if !got.DryRun || got.ErrorsTotal != len(got.Errors) || got.Rows != 9 {
			t.Errorf("the dry run says %+v", got)
		}
		bring(root, "users", file).Refused(422, "bad_rows")
		if names := string(root.Do("GET", "/v1/exports/users", nil).Expect(200).Body); strings.Contains(names, "good") {
			t.Errorf("something of a bad file was kept: %s", names)
		}
		expect(t, bring(root, "users?dry_run=true", lines("username", "good")), outcome{Rows: 1, Created: 1, DryRun: true})
		expect(t, bring(root, "users", lines("username", "good")), outcome{Rows: 1, Created: 1})
	})
}

func TestFilesThatAreNone(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		root := s.NewTenant("acme", "it-desk").NewUser("root", nil, "admin").SignIn()
		for _, file := range []string{
			"", "username,username\na,b\n", "name\nzhou\n", "username,shoe_size\na,44\n", "username\n\"a", "username\na,b\n", "username\n\xff\n",
			"username\n" + strings.Repeat("a\n", 20_001),
		} {
			bring(root, "users", file).Refused(422, "invalid_request")
		}
		for _, file := range []string{`{}`, `null`, `[null]`, `[{"username":"a","username":"b"}]`, `[{"username":["a",1]}]`, `[{"username":"a"}] 1`} {
			bringJSON(root, "users", file).Refused(422, "invalid_request")
		}
		bring(root, "users", lines("username,password", "a,correct horse battery staple")).Refused(422, "passwords_not_imported")
		bring(root, "roles", lines("name,password_hash", "a,$2a$12$abc")).Refused(422, "passwords_not_imported")
		root.Do("POST", "/v1/imports/users", "username", "Content-Type", "text/plain").Expect(415)
	})
}

// Tables of other desks come as they are; what of them is of no use is named.
func TestForeignTables(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		root := s.NewTenant("acme", "it-desk").NewUser("root", nil, "admin").SignIn()
		expect(t, bring(root, "users?mapping=agents", lines(
			"user_id,name,status,current_load,max_load,role,skill_tags,otp_secret", "u17,周,online,3,5,agent,vpn,JBSWY3DP")),
			outcome{Rows: 1, Created: 1, IgnoredColumns: []string{"status", "current_load", "max_load", "skill_tags", "otp_secret"}})
		expect(t, bringJSON(root, "users?mapping=single_role",
			`[{"username":"li","role":"agent","permissions":[],"shoe":44},{"username":"wang","role":"agent","permissions":["tag:read"]}]`),
			outcome{Rows: 2, Created: 2, IgnoredColumns: []string{"shoe"}})
		boss := lines("user_id,role", "boss,admin")
		bring(root, "users?mapping=agents", boss).Refused(422, "bad_rows")
		expect(t, bring(root, "users?mapping=agents&admin=team_lead", boss), outcome{Rows: 1, Created: 1})
		want := "\ufeff" + lines("username,name,email,phone,locale,departments,roles,permission_list,active,wecom_user_id",
			"boss,boss,,,en,,team_lead,,true,", "li,li,,,en,,agent,,true,", "root,root,,,en,,admin,,true,", "u17,周,,,en,,agent,,true,",
			"wang,wang,,,en,,agent,tag:read:all,true,")
		if diff := cmp.Diff(want, string(root.Do("GET", "/v1/exports/users", nil).Expect(200).Body)); diff != "" {
			t.Errorf("users (-want +got):\n%s", diff)
		}
	})
}

// Users are known at WeCom by one id each, in any case; those who are there keep theirs.
func TestWeComIDsComeWithNewUsers(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		root := s.NewTenant("acme", "it-desk").NewUser("root", nil, "admin").SignIn()
		expect(t, bring(root, "users", lines("username,wecom_user_id", "li,Li.Wei", "zhou,")), outcome{Rows: 2, Created: 2})
		if li := root.Do("GET", "/v1/users/"+idOf(t, root, "li"), nil).Expect(200); li.String("wecom_user_id") != "Li.Wei" {
			t.Errorf("li is %s", li.Body)
		}
		again := string(root.Do("GET", "/v1/exports/users", nil).Expect(200).Body)
		if !strings.Contains(again, ",true,Li.Wei\r\n") {
			t.Errorf("the id is not taken out: %s", again)
		}
		expect(t, bring(root, "users", again), outcome{Rows: 3, Unchanged: 3})
		expect(t, bring(root, "users", lines("username,wecom_user_id", "li,li.wei", "zhou,")), outcome{Rows: 2, Unchanged: 2})
		got := codes(bring(root, "users?dry_run=true", lines("username,wecom_user_id", "a,LI.WEI", "b,new", "c,NEW", "zhou,zhou", "d,CorpId/d", "e,e")))
		if diff := cmp.Diff(map[int]string{2: "", 4: "", 5: "", 6: ""}, got); diff != "" {
			t.Errorf("refused (-want +got):\n%s", diff)
		}
	})
}
