package policy_test

import (
	"strings"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
)

func TestUsersAreGivenRoles(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		north, south := acme.NewDepartment("North", ""), acme.NewDepartment("South", "")
		admin := acme.NewUser("root", nil, "admin").SignIn()
		ann := acme.NewUser("ann", []string{north}, "user")
		path := "/v1/users/" + ann.ID + "/roles"

		first := admin.Do("GET", path, nil).Expect(200)
		same(t, "roles", column(t, first.Value("roles"), "role"), []string{"user"})
		expiry := later(s, time.Hour)
		second := put(admin, path, object{"roles": []any{
			"user", "agent", object{"role": "team_lead", "expires_at": expiry, "departments": []string{south}},
		}}).Expect(200)
		same(t, "roles", column(t, second.Value("roles"), "role"), []string{"user", "agent", "team_lead"})
		ids := column(t, second.Value("roles"), "id")
		if kept := column(t, first.Value("roles"), "id")[0]; ids[0] != kept {
			t.Errorf("the unchanged assignment %s became %s", kept, ids[0])
		}
		lead := second.Value("roles").([]any)[2].(object)
		if lead["expires_at"] != expiry {
			t.Errorf("expires at %v, want %s", lead["expires_at"], expiry)
		}
		same(t, "departments", texts(t, lead["departments"]), []string{south})
		if user := second.Value("roles").([]any)[0].(object); user["departments"] != nil || user["expires_at"] != nil {
			t.Errorf("the short form became %v", user)
		}

		third := put(admin, path, object{"roles": []any{"agent", object{"role": "team_lead", "expires_at": nil, "departments": []string{}}}}).Expect(200)
		same(t, "roles", column(t, third.Value("roles"), "role"), []string{"agent", "team_lead"})
		if id := column(t, third.Value("roles"), "id")[0]; id != ids[1] {
			t.Errorf("the unchanged assignment %s became %s", ids[1], id)
		}
		same(t, "departments", texts(t, third.Value("roles").([]any)[1].(object)["departments"]), []string{})
		if read := admin.Do("GET", path, nil).Expect(200); string(read.Body) != string(third.Body) || read.ETag() != third.ETag() {
			t.Errorf("read %s, set %s", read.Body, third.Body)
		}
	})
}

func TestRolesCountFromTheNextCallOnUntilTheyExpire(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		admin := acme.NewUser("root", nil, "admin").SignIn()
		ann := acme.NewUser("ann", nil, "user")
		ann.Enrol() // auditors must
		hers := ann.SignIn()
		hers.Do("GET", "/v1/roles", nil).Refused(403, "no_permission")
		put(admin, "/v1/users/"+ann.ID+"/roles", object{"roles": []any{object{"role": "auditor", "expires_at": later(s, time.Hour)}}}).Expect(200)
		hers.Do("GET", "/v1/roles", nil).Expect(200)
		s.Clock.Advance(time.Hour)
		hers.Do("GET", "/v1/roles", nil).Refused(403, "assignment_expired")
	})
}

func TestAssignmentsWithMistakesAreRefusedAtEachPlace(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme, other := s.NewTenant("acme", "it-desk"), s.NewTenant("other", "it-desk")
		foreign := other.NewDepartment("Theirs", "")
		admin := acme.NewUser("root", nil, "admin").SignIn()
		path := "/v1/users/" + acme.NewUser("ann", nil, "user").ID + "/roles"
		refused := put(admin, path, object{"roles": []any{
			"agnet",
			object{"role": "none"},
			object{"role": "agent", "expires_at": later(s, -time.Hour)},
			object{"role": "agent", "departments": []string{foreign}},
			"user", "user",
			object{"role": "agent", "expires_at": "0001-01-01T00:00:00Z"},
			object{"role": "agent", "expires_at": "9999-12-31T23:59:59-12:00"},
			object{"role": "agent", "expires_at": later(s, 101*365*24*time.Hour)},
		}}).Refused(422, "invalid_request")
		for at, want := range map[string]string{
			"body.roles[0]":                "no such role; did you mean agent?",
			"body.roles[1].role":           "no such role",
			"body.roles[2].expires_at":     "must be in the future",
			"body.roles[3].departments[0]": "no such department",
			"body.roles[5]":                "stands twice",
			"body.roles[6].expires_at":     "must be in the future",
			"body.roles[7].expires_at":     "must be at most 100 years ahead",
			"body.roles[8].expires_at":     "must be at most 100 years ahead",
		} {
			if got := place(t, refused, at); !strings.HasPrefix(got, want) {
				t.Errorf("%s: %q, want %q", at, got, want)
			}
		}
		for _, roles := range []any{nil, "agent", []any{1}, []any{object{}}, []any{object{"role": "agent", "scope": "all"}}, []any{strings.Repeat("a", 10000)}} {
			put(admin, path, object{"roles": roles}).Refused(422, "invalid_request")
		}
		admin.Do("PUT", path, object{"roles": []any{}}).Refused(428, "version_required")
		put(admin, path, object{"roles": []any{"agent"}}).Expect(200)
		admin.Do("PUT", path, object{"roles": []any{}}, "If-Match", `"1"`).Refused(412, "stale_version")
		same(t, "roles", column(t, admin.Do("GET", path, nil).Value("roles"), "role"), []string{"agent"})
	})
}

// An entry that cannot be read is told where it is wrong, and what belongs there.
func TestUnreadableAssignmentsAreRefusedAtTheirPlace(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		admin := acme.NewUser("root", nil, "admin").SignIn()
		path := "/v1/users/" + acme.NewUser("ann", nil, "user").ID + "/roles"
		for _, c := range []struct {
			entry     any
			at, wants string
		}{
			{object{"role": "agent", "expires_at": "next year"}, "body.roles[0].expires_at", "RFC 3339 date-time"},
			{object{"role": "agent", "expires_at": 7}, "body.roles[0].expires_at", "expected string"},
			{object{"role": "agent", "departments": "d"}, "body.roles[0].departments", "expected array"},
			{object{"role": "agent", "departments": []any{"d", 1}}, "body.roles[0].departments[1]", "expected string"},
			{object{"role": "agent", "scope": "all"}, "body.roles[0].scope", "unexpected property"},
			{object{"Role": "agent"}, "body.roles[0].Role", "unexpected property"},
			{object{"role": nil}, "body.roles[0].role", "expected string"},
			{object{}, "body.roles[0]", "expected required property role"},
			{strings.Repeat("长", 65), "body.roles[0]", "expected at most 64 characters"},
			{7, "body.roles[0]", "expected the name of a role, or an object"},
			{nil, "body.roles[0]", "expected the name of a role, or an object"},
		} {
			body := object{"roles": []any{c.entry}}
			if got := place(t, put(admin, path, body).Refused(422, "invalid_request"), c.at); !strings.Contains(got, c.wants) {
				t.Errorf("%v: %q, want %q", c.entry, got, c.wants)
			}
			body["username"] = "bob"
			place(t, admin.Do("POST", "/v1/users", body).Refused(422, "invalid_request"), c.at)
		}
	})
}

func TestAPermissionListAppliesInsteadOfTheRoles(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		admin := acme.NewUser("root", nil, "admin").SignIn()
		ann := acme.NewUser("ann", nil, "auditor")
		hers, path := ann.SignIn(), "/v1/users/"+ann.ID
		if got := admin.Do("GET", path+"/permission-list", nil).Expect(200); got.Value("permission_list") != nil {
			t.Errorf("no list is shown as %s", got.Body)
		}
		set := put(admin, path+"/permission-list", object{"permission_list": []string{"report:view", "conversation:all:own"}}).Expect(200)
		same(t, "list", texts(t, set.Value("permission_list")), []string{"conversation:*:own", "report:read:all"})
		hers.Do("GET", "/v1/roles", nil).Refused(403, "no_permission")
		place(t, put(admin, path+"/permission-list", object{"permission_list": []string{"report:veiw"}}).Refused(422, "invalid_request"), "body.permission_list[0]")
		for _, own := range []any{"report:read", []any{1}, []string{strings.Repeat("a", 10000)}, make([]string, 1001)} {
			put(admin, path+"/permission-list", object{"permission_list": own}).Refused(422, "invalid_request")
		}
		put(admin, path+"/permission-list", object{}).Refused(422, "invalid_request")

		put(admin, path+"/roles", object{"roles": []any{"agent"}}).Refused(409, "permission_list_stands")
		kept := put(admin, path+"/roles", object{"roles": []any{"agent"}, "permission_list": []string{}}).Expect(200)
		same(t, "list", texts(t, kept.Value("permission_list")), []string{})
		cleared := put(admin, path+"/roles", object{"roles": []any{"auditor"}, "permission_list": nil}).Expect(200)
		if cleared.Value("permission_list") != nil {
			t.Errorf("null became %s", cleared.Body)
		}
		hers.Do("GET", "/v1/roles", nil).Expect(200)
		put(admin, path+"/permission-list", object{"permission_list": []string{}}).Expect(200)
		put(admin, path+"/permission-list", object{"permission_list": nil}).Expect(200)
		hers.Do("GET", "/v1/roles", nil).Expect(200)
	})
}

func TestWhoMaySeeAndGiveRoles(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme, other := s.NewTenant("acme", "it-desk"), s.NewTenant("other", "it-desk")
		north, south := acme.NewDepartment("North", ""), acme.NewDepartment("South", "")
		near, far := acme.NewUser("near", []string{north}, "user"), acme.NewUser("far", []string{south}, "user")
		stranger := other.NewUser("stranger", nil, "user")
		admin := acme.NewUser("root", nil, "admin").SignIn()
		boss := acme.NewUser("boss", []string{north})
		list(t, s, boss, "role:assign", "user:view:department", "conversation:*:own", "knowledge:read")
		boss.Enrol()
		bossy := boss.SignIn()
		for _, suffix := range []string{"/roles", "/permission-list", "/access"} {
			bossy.Do("GET", "/v1/users/"+boss.ID+suffix, nil).Expect(200)
			for _, hidden := range []string{near.ID, far.ID, stranger.ID, "none"} { // user:view shows a card, no more
				bossy.Do("GET", "/v1/users/"+hidden+suffix, nil).Refused(404, "not_found")
			}
		}
		give := func(u *servertest.User) *servertest.Answer {
			version := `"1"`
			if u.Tenant == acme {
				version = etag(admin, "/v1/users/"+u.ID+"/roles")
			}
			return bossy.Do("PUT", "/v1/users/"+u.ID+"/roles", object{"roles": []any{}}, "If-Match", version)
		}
		give(near).Expect(200)
		give(far).Refused(404, "not_found")
		give(stranger).Refused(404, "not_found")

		list(t, s, boss, "user:read:department")
		bossy.Do("GET", "/v1/users/"+near.ID+"/roles", nil).Expect(200)
		bossy.Do("GET", "/v1/users/"+far.ID+"/roles", nil).Refused(404, "not_found")
		give(near).Refused(403, "no_permission")
	})
}

func TestWhatAUserCanDoNamesItsSources(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		top := acme.NewDepartment("Top", "")
		below := acme.NewDepartment("Below", top)
		admin := acme.NewUser("root", nil, "admin").SignIn()
		newRole(admin, "watcher", "report:read:department", "knowledge:read").Expect(201)
		ann := acme.NewUser("ann", []string{top}, "watcher", "user")
		items := ann.SignIn().Do("GET", "/v1/users/"+ann.ID+"/access", nil).Expect(200).Value("items")
		same(t, "permissions", column(t, items, "permission"), []string{
			"conversation:create:own", "conversation:read:own", "conversation:reply:own", "knowledge:read:all", "report:read:department",
		})
		shared, reaching := items.([]any)[3].(object), items.([]any)[4].(object)
		same(t, "sources", texts(t, shared["by"]), []string{"user", "watcher"})
		if shared["departments"] != nil {
			t.Errorf("a permission without reach has %v", shared["departments"])
		}
		if reach := texts(t, reaching["departments"]); len(reach) != 2 || !strings.Contains(strings.Join(reach, " "), below) {
			t.Errorf("reach %v, want %s and %s", reach, top, below)
		}
		list(t, s, ann, "report:export:own")
		items = admin.Do("GET", "/v1/users/"+ann.ID+"/access", nil).Expect(200).Value("items")
		same(t, "sources of the list", texts(t, items.([]any)[0].(object)["by"]), []string{"permissions"})
	})
}
