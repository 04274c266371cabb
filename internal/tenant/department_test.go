package tenant_test

import (
	"fmt"
	"strings"
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

// grown is a tenant with an administrator and departments: a, b below a, c below b, z.
type grown struct {
	*servertest.Tenant
	admin      *servertest.Client
	a, b, c, z string
}

func grow(s *servertest.Server) grown {
	g := grown{Tenant: s.NewTenant("acme", "it-desk")}
	g.a = g.NewDepartment("Alpha", "")
	g.b = g.NewDepartment("Beta", g.a)
	g.c = g.NewDepartment("Gamma", g.b)
	g.z = g.NewDepartment("Zulu", "")
	g.admin = g.NewUser("root", nil, "admin").SignIn()
	return g
}

func (g grown) etag(id string) string {
	return g.admin.Do("GET", "/v1/departments/"+id, nil).Expect(200).ETag()
}

func TestADepartmentFromItsMakingToItsEnd(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		g := grow(s)
		made := g.admin.Do("POST", "/v1/departments", map[string]any{"name": " 网络 ", "parent": g.a}).Expect(201)
		path := "/v1/departments/" + made.String("id")
		if made.String("name") != "网络" || made.String("parent") != g.a || made.ETag() != `"1"` {
			t.Errorf("made %s", made.Body)
		}
		if read := g.admin.Do("GET", path, nil).Expect(200); string(read.Body) != string(made.Body) {
			t.Errorf("read %s, made %s", read.Body, made.Body)
		}
		moved := patch(g.admin, path, made.ETag(), map[string]any{"parent": g.z}).Expect(200)
		if moved.String("parent") != g.z || moved.String("name") != "网络" {
			t.Errorf("moved %s", moved.Body)
		}
		root := patch(g.admin, path, moved.ETag(), `{"parent":null,"name":"安全"}`).Expect(200)
		if root.Value("parent") != nil || root.String("name") != "安全" {
			t.Errorf("as a root %s", root.Body)
		}
		g.admin.Do("DELETE", path, nil, "If-Match", root.ETag()).Expect(204)
		g.admin.Do("GET", path, nil).Refused(404, "not_found")
	})
}

func TestADepartmentCannotLieBelowItself(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		g := grow(s)
		for _, below := range []string{g.a, g.b, g.c} {
			patch(g.admin, "/v1/departments/"+g.a, g.etag(g.a), map[string]any{"parent": below}).Refused(409, "department_cycle")
		}
		patch(g.admin, "/v1/departments/"+g.a, g.etag(g.a), map[string]any{"parent": g.z}).Expect(200)
	})
}

func TestDepartmentsLieAtMost32Deep(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		admin := acme.NewUser("root", nil, "admin").SignIn()
		chain := []string{""}
		for i := range 31 {
			chain = append(chain, acme.NewDepartment(fmt.Sprint("level ", i), chain[i]))
		}
		deepest := admin.Do("POST", "/v1/departments", map[string]any{"name": "deepest", "parent": chain[31]}).Expect(201).String("id")
		admin.Do("POST", "/v1/departments", map[string]any{"name": "x", "parent": deepest}).Refused(409, "department_too_deep")

		pair := acme.NewDepartment("pair", "")
		acme.NewDepartment("its child", pair)
		etag := admin.Do("GET", "/v1/departments/"+pair, nil).Expect(200).ETag()
		patch(admin, "/v1/departments/"+pair, etag, map[string]any{"parent": chain[31]}).Refused(409, "department_too_deep")
		patch(admin, "/v1/departments/"+pair, etag, map[string]any{"parent": chain[30]}).Expect(200)
	})
}

func TestSiblingsHaveDifferentNames(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		g := grow(s)
		for _, same := range []string{"Alpha", " ALPHA", "ａｌｐｈａ"} {
			g.admin.Do("POST", "/v1/departments", map[string]any{"name": same}).Refused(409, "name_taken")
		}
		g.admin.Do("POST", "/v1/departments", map[string]any{"name": "Alpha", "parent": g.a}).Expect(201)
		patch(g.admin, "/v1/departments/"+g.z, g.etag(g.z), `{"name":"alpha"}`).Refused(409, "name_taken")
		patch(g.admin, "/v1/departments/"+g.a, g.etag(g.a), `{"name":"ALPHA"}`).Expect(200)
	})
}

func TestADepartmentWithChildrenStays(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		g := grow(s)
		g.admin.Do("DELETE", "/v1/departments/"+g.b, nil, "If-Match", g.etag(g.b)).Refused(409, "department_has_children")
		g.admin.Do("DELETE", "/v1/departments/"+g.c, nil, "If-Match", g.etag(g.c)).Expect(204)
		g.admin.Do("DELETE", "/v1/departments/"+g.b, nil, "If-Match", g.etag(g.b)).Expect(204)
	})
}

func TestADeletedDepartmentLeavesItsUsers(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		g := grow(s)
		user := g.NewUser("member", []string{g.c, g.z}, "user")
		g.admin.Do("DELETE", "/v1/departments/"+g.c, nil, "If-Match", g.etag(g.c)).Expect(204)
		left := g.admin.Do("GET", "/v1/users/"+user.ID, nil).Expect(200).Value("departments").([]any)
		if len(left) != 1 || left[0] != g.z {
			t.Errorf("the user is in %v, want %s alone", left, g.z)
		}
	})
}

// A user's version covers departments and assignments, also where a deleted department leaves them.
func TestADeletedDepartmentGivesItsUsersTheNextVersion(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		g := grow(s)
		read := func(id string) *servertest.Answer { return g.admin.Do("GET", "/v1/users/"+id, nil).Expect(200) }
		member, bystander := g.NewUser("member", []string{g.c}, "user"), g.NewUser("bystander", []string{g.z}, "user")
		lead := g.NewUser("lead", nil, "user")
		g.admin.Do("PUT", "/v1/users/"+lead.ID+"/roles", map[string]any{
			"roles": []any{map[string]any{"role": "team_lead", "departments": []string{g.c, g.z}}},
		}, "If-Match", read(lead.ID).ETag()).Expect(200)
		before := map[string]string{}
		for _, id := range []string{member.ID, lead.ID, bystander.ID} {
			before[id] = read(id).ETag()
		}
		g.admin.Do("DELETE", "/v1/departments/"+g.c, nil, "If-Match", g.etag(g.c)).Expect(204)
		for _, id := range []string{member.ID, lead.ID} {
			g.admin.Do("PATCH", "/v1/users/"+id, `{"name":"x"}`, "If-Match", before[id]).Refused(412, "stale_version")
		}
		if now := read(bystander.ID).ETag(); now != before[bystander.ID] {
			t.Errorf("somebody elsewhere went from %s to %s", before[bystander.ID], now)
		}
	})
}

func TestDepartmentsRefuse(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		g := grow(s)
		elsewhere := s.NewTenant("beta", "it-desk").NewDepartment("Foreign", "")
		never := "0198c0de-0000-7000-8000-000000000000"
		for _, body := range []string{
			`{}`, `{"name":""}`, `{"name":"  "}`, `{"name":7}`, `{"name":"a\tb"}`, `{"name":"x","parent":""}`, `{"name":"x","colour":"red"}`,
			`{"name":"x","parent":"` + elsewhere + `"}`, `{"name":"x","parent":"` + never + `"}`,
			`{"name":"` + strings.Repeat("n", 10_000) + `"}`, `[]`, `{"name":"x"`, "{\"name\":\"\xff\"}", `{"name":"x\u0000"}`,
		} {
			g.admin.Do("POST", "/v1/departments", body).Refused(422, "invalid_request")
		}
		for _, body := range []string{`{"name":" "}`, `{"parent":"` + elsewhere + `"}`, `{"parent":""}`, `{"parent":7}`, `{"id":"x"}`} {
			patch(g.admin, "/v1/departments/"+g.z, g.etag(g.z), body).Refused(422, "invalid_request")
		}
		g.admin.Do("POST", "/v1/departments", `{"name":"`+strings.Repeat("n", 1<<20)+`"}`).Refused(413, "too_large")
		for _, id := range []string{elsewhere, never, "x"} {
			g.admin.Do("GET", "/v1/departments/"+id, nil).Refused(404, "not_found")
			patch(g.admin, "/v1/departments/"+id, `"1"`, `{"name":"x"}`).Refused(404, "not_found")
			g.admin.Do("DELETE", "/v1/departments/"+id, nil, "If-Match", `"1"`).Refused(404, "not_found")
		}
		patch(g.admin, "/v1/departments/"+g.z, `"7"`, `{"name":"x"}`).Refused(412, "stale_version")
		g.admin.Do("PATCH", "/v1/departments/"+g.z, `{"name":"x"}`).Refused(428, "version_required")
		g.admin.Do("DELETE", "/v1/departments/"+g.z, nil).Refused(428, "version_required")
		g.admin.Do("DELETE", "/v1/departments/"+g.z, nil, "If-Match", `"7"`).Refused(412, "stale_version")
		if all := names(g.admin.Do("GET", "/v1/departments", nil)); strings.Join(all, " ") != "Alpha Beta Gamma Zulu" {
			t.Errorf("after refusals there are %v", all)
		}
	})
}

func TestDepartmentsAreListedPageByPage(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		g := grow(s)
		var seen []string
		cursor := ""
		for page := 0; page == 0 || cursor != ""; page++ {
			path := "/v1/departments?limit=3"
			if cursor != "" {
				path += "&cursor=" + cursor
			}
			answer := g.admin.Do("GET", path, nil)
			seen = append(seen, names(answer)...)
			cursor = answer.String("next")
		}
		if strings.Join(seen, " ") != "Alpha Beta Gamma Zulu" {
			t.Errorf("pages hold %v", seen)
		}
		other := s.NewTenant("globex", "it-desk").NewDepartment("Elsewhere", "")
		for query, want := range map[string]string{
			"q=ＡＬ":                   "Alpha",
			"q=%25":                  "",
			"parent=none":            "Alpha Zulu",
			"parent=" + g.a:          "Beta",
			"parent=nowhere":         "",
			"q=a&parent=" + g.b:      "Gamma",
			"ids=" + g.z + "," + g.a: "Alpha Zulu",
			"ids=" + g.a + "&q=z":    "",
			"ids=nowhere," + other:   "",
			"ids=,":                  "",
		} {
			if got := strings.Join(names(g.admin.Do("GET", "/v1/departments?"+query, nil)), " "); got != want {
				t.Errorf("%s finds %q, want %q", query, got, want)
			}
		}
		g.admin.Do("GET", "/v1/departments?ids=", nil).Refused(422, "invalid_request") // none of them is not all of them
	})
}

func TestACursorCountsOnlyForItsList(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		g := grow(s)
		cursor := g.admin.Do("GET", "/v1/departments?limit=1", nil).Expect(200).String("next")
		changed := []byte(cursor)
		changed[len(changed)/2] ^= 1
		other := g.NewUser("other", nil, "admin").SignIn()
		for _, bad := range []string{string(changed), cursor[:len(cursor)-4], "x", strings.Repeat("A", 60)} {
			g.admin.Do("GET", "/v1/departments?limit=1&cursor="+bad, nil).Refused(422, "bad_cursor")
		}
		g.admin.Do("GET", "/v1/departments?limit=1&q=a&cursor="+cursor, nil).Refused(422, "bad_cursor")
		g.admin.Do("GET", "/v1/departments?limit=1&ids="+g.a+"&cursor="+cursor, nil).Refused(422, "bad_cursor")
		g.admin.Do("GET", "/v1/users?limit=1&cursor="+cursor, nil).Refused(422, "bad_cursor")
		other.Do("GET", "/v1/departments?limit=1&cursor="+cursor, nil).Refused(422, "bad_cursor")
		g.admin.Do("GET", "/v1/departments?limit=0", nil).Refused(422, "invalid_request")
		g.admin.Do("GET", "/v1/departments?colour=red", nil).Refused(422, "invalid_request")
		g.admin.Do("GET", "/v1/departments?q=%E7%BD", nil).Refused(422, "invalid_text") // half a character
		if got := names(g.admin.Do("GET", "/v1/departments?limit=1&cursor="+cursor, nil)); got[0] != "Beta" {
			t.Errorf("the cursor itself leads to %v", got)
		}
	})
}
