package tenant_test

import (
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// steward is somebody in department b whose role grants everything on departments at scope
// department.
func (g grown) steward() *servertest.Client {
	g.admin.Do("POST", "/v1/roles", map[string]any{
		"name": "steward", "label_zh": "部门主管", "label_en": "Steward", "description_zh": "", "description_en": "",
		"permissions":  []string{"department:read:department", "department:create:department", "department:update:department", "department:delete:department"},
		"requires_mfa": false,
	}).Expect(201)
	return g.NewUser("steward", []string{g.b}, "steward").SignIn()
}

func TestAStewardSeesTheirPartOfTheForest(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		g := grow(s)
		steward := g.steward()
		if got := strings.Join(names(steward.Do("GET", "/v1/departments", nil)), " "); got != "Beta Gamma" {
			t.Errorf("the steward of Beta sees %s", got)
		}
		if got := strings.Join(names(steward.Do("GET", "/v1/departments?ids="+g.z+","+g.c, nil)), " "); got != "Gamma" {
			t.Errorf("of two by their ids, the steward of Beta sees %s", got)
		}
		steward.Do("GET", "/v1/departments/"+g.c, nil).Expect(200)
		for _, hidden := range []string{g.a, g.z} {
			steward.Do("GET", "/v1/departments/"+hidden, nil).Refused(404, "not_found")
			patch(steward, "/v1/departments/"+hidden, `"1"`, `{"name":"x"}`).Refused(404, "not_found")
			steward.Do("DELETE", "/v1/departments/"+hidden, nil, "If-Match", `"1"`).Refused(404, "not_found")
		}
	})
}

func TestAStewardKeepsToTheirPartOfTheForest(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		g := grow(s)
		steward := g.steward()
		made := steward.Do("POST", "/v1/departments", map[string]any{"name": "New", "parent": g.c}).Expect(201)
		path := "/v1/departments/" + made.String("id")
		moved := patch(steward, path, made.ETag(), map[string]any{"parent": g.b}).Expect(200)

		steward.Do("POST", "/v1/departments", `{"name":"Root"}`).Refused(403, "out_of_scope")
		steward.Do("POST", "/v1/departments", map[string]any{"name": "x", "parent": g.z}).Refused(403, "out_of_scope")
		patch(steward, path, moved.ETag(), map[string]any{"parent": g.z}).Refused(422, "invalid_request")
		patch(steward, path, moved.ETag(), `{"parent":null}`).Refused(403, "out_of_scope")
		steward.Do("DELETE", path, nil, "If-Match", moved.ETag()).Expect(204)
	})
}

func TestWhoMayOnlyReadADepartmentIsRefusedRatherThanMisled(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		g := grow(s)
		lead := g.NewUser("lead", nil, "team_lead").SignIn()
		lead.Do("GET", "/v1/departments/"+g.a, nil).Expect(200)
		patch(lead, "/v1/departments/"+g.a, `"1"`, `{"name":"x"}`).Refused(403, "no_permission")
		g.NewUser("plain", nil, "user").SignIn().Do("GET", "/v1/departments", nil).Refused(403, "no_permission")
	})
}

func TestAMoveGivesNobodyWhatTheMoverLacks(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		g := grow(s)
		g.NewUser("lead", []string{g.z}, "team_lead")
		g.admin.Do("POST", "/v1/roles", map[string]any{
			"name": "mover", "permissions": []string{"department:read", "department:update"},
		}).Expect(201)
		mover := g.NewUser("mover", nil, "mover").SignIn()
		patch(mover, "/v1/departments/"+g.a, g.etag(g.a), map[string]any{"parent": g.z}).Refused(403, "cannot_grant")
		patch(mover, "/v1/departments/"+g.b, g.etag(g.b), `{"parent":null}`).Expect(200)
		patch(g.admin, "/v1/departments/"+g.a, g.etag(g.a), map[string]any{"parent": g.z}).Expect(200)
	})
}
