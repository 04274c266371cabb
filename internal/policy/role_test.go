package policy_test

import (
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

func TestRolesAreMadeReadEditedAndDeleted(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		admin := s.NewTenant("acme", "it-desk").NewUser("root", nil, "admin").SignIn()
		made := admin.Do("POST", "/v1/roles", object{
			"name": "reporter", "label_en": "Reporter", "label_zh": "报表员", "description_en": "Reads\nreports",
			"permissions": []string{"report:view", "report:read:all", "report:export:own"}, "requires_mfa": true,
		}).Expect(201)
		same(t, "permissions", texts(t, made.Value("permissions")), []string{"report:export:own", "report:read:all"})
		if made.ETag() != `"1"` || made.Value("active") != true || made.Value("built_in") != false || made.Value("default") != false {
			t.Errorf("made %s, ETag %s", made.Body, made.ETag())
		}
		read := admin.Do("GET", "/v1/roles/reporter", nil).Expect(200)
		if string(read.Body) != string(made.Body) {
			t.Errorf("read %s, made %s", read.Body, made.Body)
		}
		edited := patch(admin, "/v1/roles/reporter", object{"permissions": []string{"dashboard:read"}, "label_en": "Watcher"}).Expect(200)
		same(t, "permissions", texts(t, edited.Value("permissions")), []string{"dashboard:read:all"})
		if edited.String("label_zh") != "报表员" || edited.String("label_en") != "Watcher" || edited.ETag() != `"2"` {
			t.Errorf("edited %s", edited.Body)
		}
		remove(admin, "/v1/roles/reporter").Expect(204)
		admin.Do("GET", "/v1/roles/reporter", nil).Refused(404, "not_found")
	})
}

func TestRolesAreListedByNameInPages(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		admin := s.NewTenant("acme", "it-desk").NewUser("root", nil, "admin").SignIn()
		newRole(admin, "zoo").Expect(201)
		var names []string
		for path := "/v1/roles?limit=4"; path != ""; {
			page := admin.Do("GET", path, nil).Expect(200)
			names = append(names, column(t, page.Value("items"), "name")...)
			path = ""
			if next := page.String("next"); next != "" {
				path = "/v1/roles?limit=4&cursor=" + next
			}
		}
		same(t, "names", names, []string{"admin", "agent", "auditor", "team_lead", "user", "zoo"})
		admin.Do("POST", "/v1/roles", object{"name": "buyer", "label_zh": "IT 采购", "permissions": []string{}}).Expect(201)
		for query, want := range map[string]string{"it%20采": "buyer", "TEAM": "team_lead", "lead": "team_lead", "普通员工": "user", "Zo": "zoo"} {
			found := column(t, admin.Do("GET", "/v1/roles?q="+query, nil).Expect(200).Value("items"), "name")
			same(t, "found by "+query, found, []string{want})
		}
		if found := admin.Do("GET", "/v1/roles?q=%25", nil).Expect(200).Value("items").([]any); len(found) != 0 {
			t.Errorf("a percent sign finds %v", found)
		}
		admin.Do("GET", "/v1/roles?cursor=abc", nil).Refused(422, "bad_cursor")
	})
}

func TestARoleWithMistakesIsRefusedAtEachPlace(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		admin := s.NewTenant("acme", "it-desk").NewUser("root", nil, "admin").SignIn()
		refused := newRole(admin, "mistakes", "conversation:read:own", "conversaton:read", "conversation:raed", "audit_log:read:department", "Call:barge", "*:read").
			Refused(422, "invalid_request")
		for at, want := range map[string]string{
			"body.permissions[1]": "no such resource; did you mean conversation?",
			"body.permissions[2]": "no such action of conversation; did you mean read?",
			"body.permissions[3]": "no such scope of audit_log; did you mean own or all?",
			"body.permissions[4]": "at position 0: expected a lower-case letter",
			"body.permissions[5]": "narrower wildcard",
		} {
			if got := place(t, refused, at); !strings.Contains(got, want) {
				t.Errorf("%s: %q, want %q", at, got, want)
			}
		}
		if strings.Contains(string(refused.Body), "conversaton") {
			t.Errorf("the refusal repeats what was sent: %s", refused.Body)
		}
		place(t, newRole(admin, "permissions").Refused(422, "invalid_request"), "body.name")
		newRole(admin, "Big").Refused(422, "invalid_request")
		newRole(admin, strings.Repeat("a", 10000)).Refused(422, "invalid_request")
		admin.Do("POST", "/v1/roles", object{"name": "x", "permissions": []string{}, "owner": true}).Refused(422, "invalid_request")
		admin.Do("POST", "/v1/roles", object{"name": "x", "permissions": nil}).Refused(422, "invalid_request")
		place(t, admin.Do("POST", "/v1/roles", object{"name": "x", "permissions": []string{}, "label_en": "a\tb"}).Refused(422, "invalid_request"), "body.label_en")
		admin.Do("GET", "/v1/roles/x", nil).Refused(404, "not_found")
	})
}

func TestRolesKeepTheirState(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		admin := acme.NewUser("root", nil, "admin").SignIn()
		newRole(admin, "helper", "knowledge:read").Expect(201)
		newRole(admin, "helper").Refused(409, "role_name_taken")
		patch(admin, "/v1/roles/agent", object{"label_en": "Mine"}).Refused(409, "built_in_role")
		remove(admin, "/v1/roles/agent").Refused(409, "built_in_role")
		admin.Do("POST", "/v1/roles/user/deactivate", nil).Refused(409, "default_role")
		acme.NewUser("ann", nil, "helper")
		if detail := remove(admin, "/v1/roles/helper").Refused(409, "role_in_use").String("detail"); detail != "1 users have it" {
			t.Errorf("detail %q", detail)
		}
		admin.Do("PATCH", "/v1/roles/helper", object{}).Refused(428, "version_required")
		admin.Do("DELETE", "/v1/roles/helper", nil).Refused(428, "version_required")
		patch(admin, "/v1/roles/helper", object{"label_en": "H"}).Expect(200)
		stale := admin.Do("PATCH", "/v1/roles/helper", object{"label_en": "I"}, "If-Match", `"1"`).Refused(412, "stale_version")
		if stale.ETag() != `"2"` {
			t.Errorf("a stale change is told ETag %s", stale.ETag())
		}
		admin.Do("DELETE", "/v1/roles/helper", nil, "If-Match", `"1"`).Refused(412, "stale_version")
		for _, call := range []string{"PATCH /v1/roles/none", "DELETE /v1/roles/none", "POST /v1/roles/none/activate", "POST /v1/roles/none/deactivate"} {
			method, path, _ := strings.Cut(call, " ")
			var body any
			if method == "PATCH" {
				body = object{}
			}
			admin.Do(method, path, body, "If-Match", `"1"`).Refused(404, "not_found")
		}
	})
}

func TestTheDefaultRoleOfOnesOwnMakingStays(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		admin := s.NewTenant("acme", "it-desk").NewUser("root", nil, "admin").SignIn()
		newRole(admin, "newcomer", "knowledge:read").Expect(201)
		place(t, patch(admin, "/v1/settings", object{"default_role": "newcomr"}).Refused(422, "invalid_request"), "body.default_role")
		patch(admin, "/v1/settings", object{"default_role": "newcomer"}).Expect(200)
		if admin.Do("GET", "/v1/roles/newcomer", nil).Value("default") != true {
			t.Error("the role does not say that it is the default")
		}
		remove(admin, "/v1/roles/newcomer").Refused(409, "default_role")
		admin.Do("POST", "/v1/roles/newcomer/deactivate", nil).Refused(409, "default_role")
		admin.Do("POST", "/v1/roles/user/deactivate", nil).Expect(200)
		place(t, patch(admin, "/v1/settings", object{"default_role": "user"}).Refused(422, "invalid_request"), "body.default_role")
	})
}

func TestAnInactiveRoleGrantsNothingFromTheNextCallOn(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		admin := acme.NewUser("root", nil, "admin").SignIn()
		auditor := acme.NewUser("audrey", nil, "auditor").SignIn()
		auditor.Do("GET", "/v1/roles", nil).Expect(200)
		if admin.Do("POST", "/v1/roles/auditor/deactivate", nil).Expect(200).Value("active") != false {
			t.Error("the answer shows the role active")
		}
		auditor.Do("GET", "/v1/roles", nil).Refused(403, "role_inactive")
		admin.ActivateRole("auditor").Expect(200)
		auditor.Do("GET", "/v1/roles", nil).Expect(200)
	})
}

func TestRolesOfAnotherTenantDoNotExist(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		here := s.NewTenant("acme", "it-desk").NewUser("root", nil, "admin").SignIn()
		there := s.NewTenant("other", "it-desk").NewUser("root", nil, "admin").SignIn()
		newRole(there, "secret").Expect(201)
		here.Do("GET", "/v1/roles/secret", nil).Refused(404, "not_found")
		here.Do("DELETE", "/v1/roles/secret", nil, "If-Match", `"1"`).Refused(404, "not_found")
		there.Do("GET", "/v1/roles/secret", nil).Expect(200)
	})
}
