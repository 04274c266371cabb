package policy_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// impact is a preview as whoever asked for it sees it.
type impact struct {
	Digest         string
	People, Others int
	SecondFactor   struct {
		Needed         int
		NoLongerNeeded int `json:"no_longer_needed"`
	} `json:"second_factor"`
	Permissions []struct {
		Permission, ZH, EN string
		Gained, Lost       int
	}
	Items []struct {
		User         struct{ ID, Name string }
		Gained, Lost []string
		SecondFactor *string `json:"second_factor"`
		ReachLost    []struct {
			Permission  string
			Departments []string
			Others      int
		} `json:"reach_lost"`
	}
	Next *string
}

func previewed(a *servertest.Answer) (i impact) {
	a.Expect(200).Into(&i)
	return i
}

func TestAPreviewSaysWhoGainsAndLosesWhat(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		newRole(o.root, "helper", "user:read:department", "report:read:department").Expect(201)
		ann := o.NewUser("ann", []string{o.north}, "helper")
		bob := o.NewUser("bob", nil, "helper")
		edit := object{"permissions": []string{"user:read:department", "tag:read"}}
		seen := previewed(o.root.Do("POST", "/v1/roles/helper/preview", object{"edit": edit}))
		if seen.People != 2 || seen.Others != 0 || len(seen.Items) != 2 || seen.Next != nil {
			t.Fatalf("%+v", seen)
		}
		for i, u := range []*servertest.User{ann, bob} {
			d := seen.Items[i]
			if d.User.ID != u.ID || !slices.Equal(d.Gained, []string{"tag:read:all"}) || !slices.Equal(d.Lost, []string{"report:read:department"}) {
				t.Errorf("%+v", d)
			}
		}
		if reach := seen.Items[0].ReachLost; len(reach) != 1 || !slices.Equal(reach[0].Departments, []string{o.north}) || len(seen.Items[1].ReachLost) != 0 {
			t.Errorf("the reach lost is %+v", reach)
		}
		if p := seen.Permissions; len(p) != 2 || p[0].Permission != "report:read:department" || p[0].Lost != 2 || p[1].Gained != 2 ||
			p[1].EN != "Tag (all): read" || p[1].ZH == "" {
			t.Errorf("in words: %+v", p)
		}
		if got := fmt.Sprint(o.root.Do("GET", "/v1/roles/helper", nil).Expect(200).Value("permissions")); got != "[report:read:department user:read:department]" {
			t.Errorf("a preview has changed the role: %s", got)
		}

		version := etag(o.root, "/v1/roles/helper")
		change := func(headers ...string) *servertest.Answer {
			return o.root.Do("PATCH", "/v1/roles/helper", edit, append([]string{"If-Match", version}, headers...)...)
		}
		change().Refused(428, "preview_required")
		change("If-Preview", `"p1-somethingelse"`).Refused(412, "preview_differs")
		change("If-Preview", seen.Digest).Refused(422, "invalid_request")
		o.NewUser("eve", nil, "helper")
		change("If-Preview", `"`+seen.Digest+`"`).Refused(412, "preview_differs")
		again := previewed(o.root.Do("POST", "/v1/roles/helper/preview", object{"edit": edit}))
		change("If-Preview", `"`+again.Digest+`"`).Expect(200)
		if after := previewed(o.root.Do("POST", "/v1/roles/helper/preview", object{"edit": edit})); after.People != 0 || after.Digest == again.Digest {
			t.Errorf("once more: %+v", after)
		}
		// Where nobody's access differs, nothing needs to be looked at; and what takes away does not wait.
		o.root.Do("PATCH", "/v1/roles/helper", object{"label_en": "Helper"}, "If-Match", etag(o.root, "/v1/roles/helper")).Expect(200)
		o.root.Do("POST", "/v1/roles/helper/deactivate", nil).Expect(200)
		o.root.Do("POST", "/v1/roles/helper/activate", nil).Refused(428, "preview_required")
	})
}

// That a role demands a second factor is something that its holders notice.
func TestAPreviewSaysWhoNeedsASecondFactor(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		newRole(o.root, "helper", "tag:read").Expect(201)
		ann, bob := o.NewUser("ann", nil, "helper"), o.NewUser("bob", nil, "helper", "auditor") // auditors need one already
		gone := o.NewUser("gone", nil, "helper")
		o.root.Do("POST", "/v1/users/"+gone.ID+"/disable", nil).Expect(200)
		demand := object{"requires_mfa": true}
		seen := previewed(o.root.Do("POST", "/v1/roles/helper/preview", object{"edit": demand}))
		if seen.People != 1 || seen.SecondFactor.Needed != 1 || seen.SecondFactor.NoLongerNeeded != 0 || len(seen.Permissions) != 0 ||
			len(seen.Items) != 1 || seen.Items[0].User.ID != ann.ID || *seen.Items[0].SecondFactor != "needed" {
			t.Fatalf("%+v", seen)
		}
		change := func(digest string) *servertest.Answer {
			return o.root.Do("PATCH", "/v1/roles/helper", demand, "If-Match", etag(o.root, "/v1/roles/helper"), "If-Preview", digest)
		}
		change("").Refused(428, "preview_required")
		o.NewUser("eve", nil, "helper")
		change(`"`+seen.Digest+`"`).Refused(412, "preview_differs")
		change(`"` + previewed(o.root.Do("POST", "/v1/roles/helper/preview", object{"edit": demand})).Digest + `"`).Expect(200)

		taken := previewed(o.root.Do("POST", "/v1/users/"+ann.ID+"/roles/preview", object{"roles": []string{}}))
		if taken.SecondFactor.NoLongerNeeded != 1 || *taken.Items[0].SecondFactor != "no_longer_needed" || len(taken.Items[0].Lost) != 1 {
			t.Errorf("%+v", taken)
		}
		kept := previewed(o.root.Do("POST", "/v1/users/"+bob.ID+"/roles/preview", object{"roles": []string{"auditor"}}))
		if kept.SecondFactor != (impact{}.SecondFactor) || len(kept.Items) != 1 || kept.Items[0].SecondFactor != nil {
			t.Errorf("%+v", kept)
		}
	})
}

// Departments that somebody may not read are counted where a reach is told, as people are.
func TestAPreviewCountsDepartmentsWhichOneMayNotRead(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		newRole(o.root, "helper", "tag:read", "user:read:department").Expect(201)
		newRole(o.root, "local", "role:*", "user:read", "tag:*", "department:read:department").Expect(201)
		o.NewUser("ann", []string{o.north, o.south}, "helper")
		edit := object{"edit": object{"permissions": []string{"tag:read"}}}
		for _, c := range []struct {
			by     *servertest.Client
			shown  []string
			others int
		}{
			{o.root, []string{o.north, o.south}, 0},
			{o.NewUser("local", []string{o.north}, "local").SignIn(), []string{o.north}, 1},
		} {
			reach := previewed(c.by.Do("POST", "/v1/roles/helper/preview", edit)).Items[0].ReachLost[0]
			if !slices.Equal(reach.Departments, c.shown) || reach.Others != c.others {
				t.Errorf("%+v, want %v and %d more", reach, c.shown, c.others)
			}
		}
	})
}

func TestAPreviewIsPagedAndCountsWhomOneMayNotRead(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		newRole(o.root, "helper", "tag:read").Expect(201)
		newRole(o.root, "local", "role:*", "user:read:department", "tag:*").Expect(201)
		local := o.NewUser("local", []string{o.north}, "local").SignIn()
		for i := range 5 {
			o.NewUser(fmt.Sprint("north", i), []string{o.north}, "helper")
		}
		o.NewUser("south", []string{o.south}, "helper")
		edit := object{"edit": object{"permissions": []string{"tag:read", "tag:update"}}}
		var ids []string
		path := "/v1/roles/helper/preview?limit=2"
		for pages := 0; path != "" && pages < 9; pages++ {
			seen := previewed(local.Do("POST", path, edit))
			if seen.People != 6 || seen.Others != 1 || seen.Permissions[0].Gained != 5 {
				t.Errorf("%+v", seen)
			}
			for _, d := range seen.Items {
				ids = append(ids, d.User.ID)
			}
			if path = ""; seen.Next != nil {
				path = "/v1/roles/helper/preview?limit=2&cursor=" + *seen.Next
			}
		}
		if len(ids) != 5 || !slices.IsSorted(ids) {
			t.Errorf("the pages hold %v", ids)
		}
		first := previewed(local.Do("POST", "/v1/roles/helper/preview?limit=2", edit))
		o.NewUser("late", []string{o.north}, "helper")
		local.Do("POST", "/v1/roles/helper/preview?limit=2&cursor="+*first.Next, edit).Refused(422, "bad_cursor")
	})
}

// What a change would be refused for, its preview is refused for.
func TestAPreviewIsRefusedLikeItsChange(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		newRole(o.root, "exporter", "conversation:export").Expect(201)
		held := o.NewUser("eve", nil, "exporter")
		self := o.root.User.ID
		for _, c := range []struct {
			by     *servertest.Client
			path   string
			body   object
			status int
			code   string
		}{
			{o.desk, "/v1/roles/exporter/preview", object{"edit": object{"permissions": []string{}}}, 403, "stronger_role"},
			{o.desk, "/v1/roles/exporter/preview", object{"active": false}, 403, "stronger_role"},
			{o.root, "/v1/roles/exporter/preview", object{"delete": true}, 409, "role_in_use"},
			{o.root, "/v1/roles/agent/preview", object{"edit": object{"permissions": []string{}}}, 409, "built_in_role"},
			{o.root, "/v1/roles/absent/preview", object{"active": true}, 404, "not_found"},
			{o.root, "/v1/roles/exporter/preview", object{}, 422, "invalid_request"},
			{o.root, "/v1/roles/exporter/preview", object{"active": true, "delete": true}, 422, "invalid_request"},
			{o.desk, "/v1/users/" + held.ID + "/preview", object{"active": false}, 403, "stronger_user"},
			{o.root, "/v1/users/" + self + "/preview", object{"active": false}, 403, "own_access"},
			{o.root, "/v1/users/" + self + "/preview", object{"delete": true}, 403, "own_access"},
			{o.root, "/v1/users/" + held.ID + "/preview", object{"departments": []string{"absent"}}, 422, "invalid_request"},
			{o.desk, "/v1/users/" + o.clerk.ID + "/roles/preview", object{"roles": []string{}}, 403, "own_access"},
			{o.root, "/v1/departments/" + o.north + "/preview", object{"parent": o.north}, 409, "department_cycle"},
			{o.root, "/v1/departments/" + o.north + "/preview", object{}, 422, "invalid_request"},
			{o.desk, "/v1/users/roles/preview", object{"users": []string{held.ID}, "give": []string{"agent"}}, 403, "stronger_user"},
		} {
			c.by.Do("POST", c.path, c.body).Refused(c.status, c.code)
		}
	})
}

func TestManyUsersGetAndLoseRolesAtOnce(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		ann, bob, eve := o.NewUser("ann", nil, "user"), o.NewUser("bob", nil, "agent"), o.NewUser("eve", nil, "user", "agent")
		all := []string{ann.ID, bob.ID, eve.ID}
		change := object{"users": all, "give": []any{"agent", object{"role": "auditor", "expires_at": "2099-01-01T00:00:00Z"}}, "take": []string{"user"}}
		seen := previewed(o.root.Do("POST", "/v1/users/roles/preview", change))
		if seen.People != 3 {
			t.Errorf("%+v", seen)
		}
		got := o.root.Do("POST", "/v1/users/roles", change, "If-Preview", `"`+seen.Digest+`"`).Expect(200)
		if got.Value("changed") != 3.0 {
			t.Errorf("%s", got.Body)
		}
		for _, id := range all {
			roles := o.root.Do("GET", "/v1/users/"+id, nil).Expect(200).Value("roles")
			if fmt.Sprint(roles) != "[agent auditor]" {
				t.Errorf("%s has %v", id, roles)
			}
		}
		if again := o.root.Do("POST", "/v1/users/roles", change).Expect(200); again.Value("changed") != 0.0 {
			t.Errorf("again: %s", again.Body)
		}
		put(o.root, "/v1/users/"+bob.ID+"/permission-list", object{"permission_list": []string{}}).Expect(200)
		wrong := o.root.Do("POST", "/v1/users/roles", object{"users": []string{ann.ID, "absent", bob.ID, ann.ID}, "take": []string{"agent", "agnet"}})
		wrong.Refused(422, "invalid_request")
		for _, at := range []string{"body.users[1]", "body.users[2]", "body.users[3]", "body.take[1]"} {
			place(t, wrong, at)
		}
		if roles := o.root.Do("GET", "/v1/users/"+ann.ID, nil).Value("roles"); fmt.Sprint(roles) != "[agent auditor]" {
			t.Errorf("what was refused has changed something: %v", roles)
		}
	})
}

func TestHoldersAndClones(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		for i := range 3 {
			o.NewUser(fmt.Sprint("ann", i), []string{o.north}, "agent", "user")
		}
		o.NewUser("far", []string{o.south}, "agent")
		first := o.root.Do("GET", "/v1/roles/agent/holders?limit=3", nil).Expect(200)
		rest := o.root.Do("GET", "/v1/roles/agent/holders?limit=3&cursor="+first.String("next"), nil).Expect(200)
		if first.Value("people") != 4.0 || first.Value("others") != 0.0 || len(first.Value("items").([]any)) != 3 || len(rest.Value("items").([]any)) != 1 {
			t.Errorf("%s\n%s", first.Body, rest.Body)
		}
		newRole(o.root, "reader", "role:read", "user:read:department").Expect(201)
		some := o.NewUser("rea", []string{o.north}, "reader").SignIn().Do("GET", "/v1/roles/agent/holders", nil).Expect(200)
		if some.Value("people") != 4.0 || some.Value("others") != 1.0 || len(some.Value("items").([]any)) != 3 {
			t.Errorf("%s", some.Body)
		}
		o.root.Do("GET", "/v1/roles/absent/holders", nil).Refused(404, "not_found")

		clone := o.root.Do("POST", "/v1/roles/agent/clone", object{"name": "agent_two", "label_en": "Second line"}).Expect(201)
		agent := o.root.Do("GET", "/v1/roles/agent", nil).Expect(200)
		if !reflect.DeepEqual(clone.Value("permissions"), agent.Value("permissions")) || clone.Value("built_in") != false ||
			clone.String("label_en") != "Second line" || clone.String("label_zh") != agent.String("label_zh") {
			t.Errorf("%s", clone.Body)
		}
		if joined := texts(t, clone.Value("exclusions")); len(joined) != 0 {
			t.Errorf("the clone of a role in no exclusion has joined %v", joined)
		}
		lacks(t, o.desk.Do("POST", "/v1/roles/admin/clone", object{"name": "mine"}), "cannot_grant", "*:*:all")
		o.root.Do("POST", "/v1/roles/agent/clone", object{"name": "agent_two"}).Refused(409, "role_name_taken")
	})
}

// What a preview shows is what comes of the change, whatever the change is.
func TestAPreviewShowsWhatComesOfIt(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		n := 0
		servertest.Fewer(t, 3)
		rapid.Check(t, func(rt *rapid.T) {
			n++
			o := &office{Tenant: s.NewTenant(fmt.Sprint("t", n), "it-desk")}
			o.north, o.south = o.NewDepartment("North", ""), o.NewDepartment("South", "")
			o.root = o.NewUser("root", nil, "admin").SignIn()
			newRole(o.root, "helper", "user:read:department", "tag:read").Expect(201)
			var users []string
			for i := range 3 {
				departments := rapid.SliceOfDistinct(rapid.SampledFrom([]string{o.north, o.south}), rapid.ID).Draw(rt, "departments")
				roles := rapid.SliceOfDistinct(rapid.SampledFrom([]string{"helper", "agent", "team_lead"}), rapid.ID).Draw(rt, "roles")
				users = append(users, o.NewUser(fmt.Sprint("u", i), departments, roles...).ID)
			}
			method, path, body, ask, about := drawChange(rt, o, users)
			seen := previewed(o.root.Do("POST", ask, about))
			before := o.standings(users)
			o.root.Do(method, path, body, "If-Match", etag(o.root, path), "If-Preview", `"`+seen.Digest+`"`).Expect(200)
			after := o.standings(users)
			shown := map[string]bool{}
			for _, d := range seen.Items {
				shown[d.User.ID] = true
			}
			for _, id := range users {
				if shown[id] == reflect.DeepEqual(before[id], after[id]) {
					rt.Errorf("%s: shown %v, before %v, after %v", id, shown[id], before[id], after[id])
				}
			}
		})
	})
}

// standings are what users may do, and how far, as they are told.
func (o *office) standings(users []string) map[string][]string {
	all := map[string][]string{}
	for _, id := range users {
		for _, e := range o.root.Do("GET", "/v1/users/"+id+"/access", nil).Expect(200).Value("items").([]any) {
			e := e.(map[string]any)
			all[id] = append(all[id], fmt.Sprint(e["permission"], e["departments"]))
		}
	}
	return all
}

// drawChange draws a change with the preview of it.
func drawChange(rt *rapid.T, o *office, users []string) (method, path string, body object, ask string, about object) {
	user := rapid.SampledFrom(users).Draw(rt, "user")
	switch rapid.SampledFrom([]string{"role", "roles", "departments", "forest"}).Draw(rt, "change") {
	case "role":
		body = object{"permissions": rapid.SliceOfDistinct(rapid.SampledFrom([]string{"tag:read", "user:read", "user:read:department", "report:read"}), rapid.ID).Draw(rt, "permissions")}
		return "PATCH", "/v1/roles/helper", body, "/v1/roles/helper/preview", object{"edit": body}
	case "roles":
		body = object{"roles": rapid.SliceOfDistinct(rapid.SampledFrom([]string{"helper", "agent"}), rapid.ID).Draw(rt, "given")}
		return "PUT", "/v1/users/" + user + "/roles", body, "/v1/users/" + user + "/roles/preview", body
	case "departments":
		body = object{"departments": rapid.SliceOfDistinct(rapid.SampledFrom([]string{o.north, o.south}), rapid.ID).Draw(rt, "placed")}
		return "PATCH", "/v1/users/" + user, body, "/v1/users/" + user + "/preview", body
	}
	body = object{"parent": o.south}
	return "PATCH", "/v1/departments/" + o.north, body, "/v1/departments/" + o.north + "/preview", body
}
