package identity_test

import (
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

func TestANewUserGetsTheDefaultRole(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		clerk := d.somebody("clerk", nil, "user:create", "user:read")
		made := clerk.Do("POST", "/v1/users", map[string]any{
			"username": " New.One ", "email": "new@acme.example", "phone": "+86 10 1234", "locale": "zh-CN",
		}).Expect(201)
		if made.String("username") != "New.One" || made.String("name") != "New.One" || made.String("email") != "new@acme.example" ||
			made.String("phone") != "+86 10 1234" || made.String("locale") != "zh-CN" || made.String("tenant", "slug") != "acme" ||
			made.Value("active") != true || made.Value("has_password") != false || made.Value("permission_list") != nil || made.ETag() != `"1"` {
			t.Errorf("made %s", made.Body)
		}
		if !same(texts(made, "roles"), "user") || !same(texts(made, "departments")) || len(texts(made, "permissions")) == 0 {
			t.Errorf("made %s", made.Body)
		}
		clerk.Do("POST", "/v1/users", `{"username":"new.two","roles":["user"],"permission_list":null,"departments":[]}`).Expect(201)
		clerk.Do("POST", "/v1/users", `{"username":"ＮＥＷ．ｏｎｅ"}`).Refused(409, "username_taken")
	})
}

func TestWhatIsNotTheDefaultNeedsMore(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		clerk := d.somebody("clerk", nil, "user:create", "user:read")
		for _, access := range []string{
			`"roles":["agent"]`, `"roles":[]`, `"roles":["user","user"]`, `"permission_list":[]`, `"departments":["` + d.sales + `"]`,
			`"roles":[{"role":"user","expires_at":"2099-01-01T00:00:00Z"}]`, `"roles":[{"role":"user","departments":[]}]`,
		} {
			clerk.Do("POST", "/v1/users", `{"username":"x",`+access+`}`).Refused(403, "no_permission")
		}
		assigner := d.somebody("assigner", nil, "user:create", "user:read", "role:assign")
		assigner.Do("POST", "/v1/users", `{"username":"x","roles":["admin"]}`).Refused(403, "cannot_grant")
		assigner.Do("POST", "/v1/users", `{"username":"x","permission_list":["audit_log:read"]}`).Refused(403, "cannot_grant")
		assigner.Do("POST", "/v1/users", `{"username":"x","roles":[],"permission_list":["user:read"]}`).Expect(201)
	})
}

func TestANewUserGetsWhatTheRequestSays(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		made := d.admin.Do("POST", "/v1/users", map[string]any{
			"username": "full", "departments": []string{d.sales, d.phone, d.sales},
			"roles": []any{"agent", map[string]any{"role": "auditor", "expires_at": "2099-01-01T00:00:00Z", "departments": []string{d.sales}}},
		}).Expect(201)
		if !same(texts(made, "roles"), "agent", "auditor") || made.Value("requires_mfa") != true || len(texts(made, "departments")) != 2 {
			t.Errorf("made %s", made.Body)
		}
		listed := d.admin.Do("POST", "/v1/users", `{"username":"listed","permission_list":["report:view","user:read:own"]}`).Expect(201)
		if !same(texts(listed, "permission_list"), "report:read:all", "user:read:own") || !same(texts(listed, "permissions"), "report:read:all", "user:read:own") {
			t.Errorf("listed %s", listed.Body)
		}
		if !same(texts(listed, "roles")) || len(listed.Value("assignments").([]any)) != 1 {
			t.Errorf("the role that the list displaces: %s", listed.Body)
		}
		empty := d.admin.Do("POST", "/v1/users", `{"username":"empty","permission_list":[]}`).Expect(201)
		if list, ok := empty.Value("permission_list").([]any); !ok || len(list) != 0 || len(texts(empty, "permissions")) != 0 {
			t.Errorf("with an empty list: %s", empty.Body)
		}
	})
}

func TestCreationIsBoundToItsPlace(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		lead := d.somebody("lead", []string{d.support}, "user:create:department", "user:read:department", "role:assign",
			"conversation:*:own", "conversation:read:department")
		lead.Do("POST", "/v1/users", map[string]any{"username": "x", "departments": []string{d.phone}, "roles": []string{}}).Expect(201)
		lead.Do("POST", "/v1/users", map[string]any{"username": "y", "departments": []string{d.sales}, "roles": []string{}}).Refused(403, "out_of_scope")
		lead.Do("POST", "/v1/users", `{"username":"z"}`).Refused(403, "out_of_scope")
	})
}

func TestCreationRefuses(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		d := newDesk(t, s)
		elsewhere := s.NewTenant("beta", "it-desk").NewDepartment("Foreign", "")
		for place, bodies := range map[string][]string{
			"body.username":           {`{"username":""}`, `{"username":"  "}`, `{"username":7}`, `{"username":"` + strings.Repeat("u", 10_000) + `"}`, `{"username":"a\u200bb"}`},
			"body.name":               {`{"username":"x","name":"` + strings.Repeat("n", 10_000) + `"}`, `{"username":"x","name":"a\u0007"}`},
			"body.email":              {`{"username":"x","email":"nobody"}`},
			"body.phone":              {`{"username":"x","phone":"call me"}`},
			"body.locale":             {`{"username":"x","locale":"fr"}`},
			"body.departments[1]":     {`{"username":"x","departments":["` + d.sales + `","` + elsewhere + `"]}`, `{"username":"x","departments":["` + d.sales + `","nowhere"]}`},
			"body.roles[0]":           {`{"username":"x","roles":["agnet"]}`},
			"body.permission_list[1]": {`{"username":"x","permission_list":["user:read","user:raed"]}`},
		} {
			for _, body := range bodies {
				refused := d.admin.Do("POST", "/v1/users", body).Refused(422, "invalid_request")
				var problem struct{ Errors []struct{ Location string } }
				if refused.Into(&problem); len(problem.Errors) == 0 || problem.Errors[0].Location != place {
					t.Errorf("%.80s: refused at %+v, want %s", body, problem.Errors, place)
				}
			}
		}
		for _, body := range []string{
			`{}`, `[]`, `{`, `{"username":"x","password":"chosen for somebody"}`, `{"username":"x","username":"y"}`, "{\"username\":\"\xff\"}",
			`{"username":"x\u0000"}`, `{"username":"x"} {}`, `{"username":"x","roles":"agent"}`, `{"username":"x","active":false}`,
		} {
			d.admin.Do("POST", "/v1/users", body).Refused(422, "invalid_request")
		}
		d.admin.Do("POST", "/v1/users", `{"username":"`+strings.Repeat("u", 1<<20)+`"}`).Refused(413, "too_large")
		if got := items(d.admin.Do("GET", "/v1/users", nil)); len(got) != 4 {
			t.Errorf("after refusals there are %v", got)
		}
	})
}
