package desk_test

import (
	"slices"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// names are those of a page's items, in order.
func names(a *servertest.Answer) []string {
	var page struct{ Items []struct{ Name string } }
	a.Expect(200).Into(&page)
	list := []string{}
	for _, item := range page.Items {
		list = append(list, item.Name)
	}
	return list
}

var firstSkills = []string{"电脑", "软件", "外设", "网络", "安全", "资产", "其他"}

func TestASkillFromItsMakingToItsEnd(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		support, second := acme.NewDepartment("Support", ""), acme.NewDepartment("Second", "")
		admin := acme.NewUser("root", nil, "admin").SignIn()
		made := admin.Do("POST", "/v1/skills", object{"name": " 打印 ", "department": support}).Expect(201)
		path := "/v1/skills/" + made.String("id")
		if made.String("name") != "打印" || made.String("department", "name") != "Support" || made.Value("fallback_department") != nil ||
			made.Value("relax_seconds") != nil || made.Value("place") != 8.0 || made.Value("active") != true || made.ETag() != `"1"` {
			t.Errorf("made %s", made.Body)
		}
		if read := admin.Do("GET", path, nil).Expect(200); string(read.Body) != string(made.Body) || read.ETag() != made.ETag() {
			t.Errorf("read %s, made %s", read.Body, made.Body)
		}
		if all := names(admin.Do("GET", "/v1/skills", nil)); !slices.Equal(all, append(slices.Clone(firstSkills), "打印")) {
			t.Errorf("skills are %v", all)
		}
		changed := patch(admin, path, made.ETag(), object{
			"name": "Printing", "department": nil, "fallback_department": second, "relax_seconds": 10, "overflow_seconds": 10, "open_seconds": 20,
			"place": 0, "active": false,
		}).Expect(200)
		if changed.Value("department") != nil || changed.String("fallback_department", "id") != second || changed.Value("open_seconds") != 20.0 {
			t.Errorf("changed %s", changed.Body)
		}
		if all := names(admin.Do("GET", "/v1/skills?limit=1", nil)); !slices.Equal(all, []string{"Printing"}) {
			t.Errorf("first is %v", all)
		}
		plain := patch(admin, path, changed.ETag(), `{"relax_seconds":null,"overflow_seconds":null,"open_seconds":null}`).Expect(200)
		if plain.Value("relax_seconds") != nil || plain.String("fallback_department", "name") != "Second" {
			t.Errorf("without ages of its own: %s", plain.Body)
		}
		admin.Do("DELETE", path, nil, "If-Match", changed.ETag()).Refused(412, "stale_version")
		admin.Do("DELETE", path, nil, "If-Match", plain.ETag()).Expect(204)
		admin.Do("GET", path, nil).Refused(404, "not_found")
	})
}

func TestASkillRefuses(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme, globex := s.NewTenant("acme", "it-desk"), s.NewTenant("globex", "it-desk")
		admin := acme.NewUser("root", nil, "admin").SignIn()
		theirs := globex.NewDepartment("Theirs", "")
		for _, body := range []any{
			`{}`, `{"name":""}`, `{"name":" "}`, "{\"name\":\"a\\u200b\"}", `{"name":"x","relax_seconds":1}`,
			`{"name":"x","relax_seconds":2,"overflow_seconds":1,"open_seconds":3}`, `{"name":"x","relax_seconds":1,"overflow_seconds":1,"open_seconds":86401}`,
			`{"name":"x","place":-1}`, `{"name":"x","active":null}`, `{"name":"x","department":"nowhere"}`,
			object{"name": "x", "department": theirs}, object{"name": "x", "fallback_department": theirs},
		} {
			admin.Do("POST", "/v1/skills", body).Refused(422, "invalid_request")
		}
		admin.Do("POST", "/v1/skills", object{"name": " 网络"}).Refused(409, "skill_name_taken")
		patch(admin, "/v1/skills/network", `"1"`, object{"name": "软件"}).Refused(409, "skill_name_taken")
		patch(admin, "/v1/skills/network", `"1"`, `{"relax_seconds":5}`).Refused(422, "invalid_request")
		patch(admin, "/v1/skills/security", `"1"`, `{"relax_seconds":null}`).Refused(422, "invalid_request")
		patch(admin, "/v1/skills/never", `"1"`, `{"place":5}`).Refused(404, "not_found")
		admin.Do("PATCH", "/v1/skills/network", `{"place":5}`).Refused(428, "version_required")
		if all := names(admin.Do("GET", "/v1/skills", nil)); !slices.Equal(all, firstSkills) {
			t.Errorf("skills are %v", all)
		}
	})
}

func TestASkillInUseStays(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		admin := acme.NewUser("root", nil, "admin").SignIn()
		worker := acme.NewUser("worker", nil, "agent")
		insertAgent(t, s, acme.ID, worker.ID, "network")
		ask(t, s, acme.ID, worker.ID, "software", "")
		for _, skill := range []string{"network", "software"} {
			admin.Do("DELETE", "/v1/skills/"+skill, nil, "If-Match", `"1"`).Refused(409, "skill_in_use")
			if active := patch(admin, "/v1/skills/"+skill, `"1"`, `{"active":false}`).Expect(200).Value("active"); active != false {
				t.Errorf("%s is active: %v", skill, active)
			}
		}
	})
}

// Who may ask for help sees what to ask for; how it is served is for those who see the configuration.
func TestWhoSeesWhichSkills(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		support := acme.NewDepartment("Support", "")
		admin := acme.NewUser("root", nil, "admin").SignIn()
		patch(admin, "/v1/skills/network", `"1"`, object{"department": support}).Expect(200)
		patch(admin, "/v1/skills/other", `"1"`, `{"active":false}`).Expect(200)
		for role, sees := range map[string]struct{ list, config bool }{
			"user": {true, false}, "agent": {true, false}, "team_lead": {true, false}, "auditor": {true, true}, "admin": {true, true},
		} {
			c := acme.NewUser("a-"+role, nil, role).SignIn()
			want := firstSkills
			if !sees.config {
				want = firstSkills[:6]
				c.Do("GET", "/v1/skills/other", nil).Refused(404, "not_found")
			}
			if all := names(c.Do("GET", "/v1/skills", nil)); !slices.Equal(all, want) {
				t.Errorf("%s sees %v", role, all)
			}
			if inactive := names(c.Do("GET", "/v1/skills?active=false", nil)); len(inactive) != len(want)-6 {
				t.Errorf("%s sees the inactive %v", role, inactive)
			}
			if active := names(c.Do("GET", "/v1/skills?active=true", nil)); !slices.Equal(active, firstSkills[:6]) {
				t.Errorf("%s sees the active %v", role, active)
			}
			network := c.Do("GET", "/v1/skills/network", nil).Expect(200)
			security := c.Do("GET", "/v1/skills/security", nil).Expect(200)
			if (network.Value("department") != nil) != sees.config || (security.Value("relax_seconds") != nil) != sees.config {
				t.Errorf("%s sees %s and %s", role, network.Body, security.Body)
			}
		}
		beta := s.NewTenant("beta", "business")
		beta.NewUser("emp", nil, "employee").SignIn().Do("GET", "/v1/skills", nil).Refused(403, "no_permission")
	})
}
