package tenant_test

import (
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// patch sends a change with an If-Match.
func patch(c *servertest.Client, path, etag string, body any) *servertest.Answer {
	return c.Do("PATCH", path, body, "If-Match", etag)
}

func TestSettingsAreReadAndChanged(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		admin := s.NewTenant("acme", "it-desk").NewUser("root", nil, "admin").SignIn()
		before := admin.Do("GET", "/v1/settings", nil).Expect(200)
		if before.String("slug") != "acme" || before.String("default_role") != "user" || before.String("local_password") != "enabled" {
			t.Errorf("settings: %s", before.Body)
		}
		after := patch(admin, "/v1/settings", before.ETag(), map[string]any{
			"name": " 技术支持 ", "locale": "zh-CN", "time_zone": "Europe/Berlin", "default_role": "agent", "max_roles_per_user": 4,
		}).Expect(200)
		if after.String("name") != "技术支持" || after.String("locale") != "zh-CN" || after.String("time_zone") != "Europe/Berlin" ||
			after.String("default_role") != "agent" || after.Value("max_roles_per_user") != 4.0 || after.ETag() == before.ETag() {
			t.Errorf("changed settings: %s", after.Body)
		}
		again := admin.Do("GET", "/v1/settings", nil).Expect(200)
		if string(again.Body) != string(after.Body) || again.ETag() != after.ETag() {
			t.Errorf("read %s, was told %s", again.Body, after.Body)
		}
		made := admin.Do("POST", "/v1/users", map[string]any{"username": "fresh"}).Expect(201)
		if roles := made.Value("roles").([]any); len(roles) != 1 || roles[0] != "agent" {
			t.Errorf("a new user has the roles %v", roles)
		}
	})
}

// The console learns with the user when it is to ask who is there.
func TestIdleMinutesComeWithTheUser(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		admin := acme.NewUser("root", nil, "admin").SignIn()
		before := admin.Do("GET", "/v1/settings", nil).Expect(200)
		if before.Value("idle_minutes") != 0.0 {
			t.Errorf("settings: %s", before.Body)
		}
		after := patch(admin, "/v1/settings", before.ETag(), `{"idle_minutes":15}`).Expect(200)
		if after.Value("idle_minutes") != 15.0 || after.String("name") != before.String("name") {
			t.Errorf("changed settings: %s", after.Body)
		}
		me := acme.NewUser("late", nil, "user").SignIn().Do("GET", "/v1/me", nil).Expect(200)
		if of := me.Value("tenant").(map[string]any); of["idle_minutes"] != 15.0 {
			t.Errorf("the user's tenant: %v", of)
		}
	})
}

func TestSettingsRefuse(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		admin := acme.NewUser("root", nil, "admin").SignIn()
		acme.NewUser("both", nil, "agent", "team_lead")
		acme.NewUser("auditor", nil, "auditor")
		etag := admin.Do("GET", "/v1/settings", nil).Expect(200).ETag()
		for _, c := range []struct {
			status     int
			code, body string
		}{
			{409, "policy_not_possible", `{"local_password":"disabled"}`},
			{409, "policy_not_possible", `{"local_password":"fallback"}`},
			{409, "role_limit_exceeded", `{"max_roles_per_user":1}`},
			{422, "invalid_request", `{"max_roles_per_user":17}`},
			{422, "invalid_request", `{"max_roles_per_user":-1}`},
			{422, "invalid_request", `{"idle_minutes":-1}`},
			{422, "invalid_request", `{"idle_minutes":481}`},
			{422, "invalid_request", `{"time_zone":"Local"}`},
			{422, "invalid_request", `{"time_zone":""}`},
			{422, "invalid_request", `{"locale":"fr"}`},
			{422, "invalid_request", `{"name":" "}`},
			{422, "invalid_request", `{"name":"` + strings.Repeat("n", 10_000) + `"}`},
			{422, "invalid_request", `{"slug":"other"}`},
			{422, "invalid_request", `{"name":"a","name":"b"}`},
			{422, "invalid_request", "{\"name\":\"\xff\"}"},
			{422, "invalid_request", `{"name":"a\u0000"}`},
		} {
			patch(admin, "/v1/settings", etag, c.body).Refused(c.status, c.code)
		}
		if status := patch(admin, "/v1/settings", etag, `{"default_role":"adminn"}`).Status; status != 422 {
			t.Errorf("an unknown default role: %d", status)
		}
		patch(admin, "/v1/settings", `"99"`, `{"name":"x"}`).Refused(412, "stale_version")
		admin.Do("PATCH", "/v1/settings", `{"name":"x"}`).Refused(428, "version_required")
		patch(admin, "/v1/settings", "3", `{"name":"x"}`).Refused(422, "invalid_request")
		if now := admin.Do("GET", "/v1/settings", nil).Expect(200).ETag(); now != etag {
			t.Errorf("a refused change moved the version from %s to %s", etag, now)
		}
	})
}

func TestSettingsNeedThePermission(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		auditor := acme.NewUser("auditor", nil, "auditor").SignIn()
		agent := acme.NewUser("agent", nil, "agent").SignIn()
		etag := auditor.Do("GET", "/v1/settings", nil).Expect(200).ETag()
		patch(auditor, "/v1/settings", etag, `{"name":"x"}`).Refused(403, "no_permission")
		agent.Do("GET", "/v1/settings", nil).Refused(403, "no_permission")
		s.Client().Do("GET", "/v1/settings", nil).Refused(401, "unauthenticated")
	})
}
