package policy_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/server/servertest"
)

// newTill is a tenant with an administrator and three roles that grant little: cashier, controller, keeper.
func newTill(t *testing.T, s *servertest.Server) (*servertest.Tenant, *servertest.Client) {
	t.Helper()
	acme := s.NewTenant("acme", "it-desk")
	root := acme.NewUser("root", nil, "admin").SignIn()
	for _, role := range []string{"cashier", "controller", "keeper"} {
		newRole(root, role, "knowledge:read").Expect(201)
	}
	return acme, root
}

// exclude lets roles exclude each other over HTTP.
func exclude(c *servertest.Client, name string, atMost int, roles ...string) *servertest.Answer {
	return c.Do("POST", "/v1/exclusions", object{"name": name, "at_most": atMost, "roles": roles})
}

// assign sets the roles of a user over HTTP.
func assign(c *servertest.Client, u *servertest.User, roles ...any) *servertest.Answer {
	return put(c, "/v1/users/"+u.ID+"/roles", object{"roles": append([]any{}, roles...)})
}

func TestExclusionsAreMadeReadEditedAndDeleted(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		_, root := newTill(t, s)
		made := root.Do("POST", "/v1/exclusions", object{
			"name": "till", "roles": []string{"controller", "cashier"}, "description_zh": "收款与复核分离", "description_en": "Who takes money\ndoes not count it",
		}).Expect(201)
		same(t, "roles", texts(t, made.Value("roles")), []string{"cashier", "controller"})
		if made.ETag() != `"1"` || made.Value("at_most") != float64(1) || made.String("description_zh") != "收款与复核分离" {
			t.Errorf("made %s, ETag %s", made.Body, made.ETag())
		}
		read := root.Do("GET", "/v1/exclusions/till", nil).Expect(200)
		if string(read.Body) != string(made.Body) || read.ETag() != made.ETag() {
			t.Errorf("read %s, made %s", read.Body, made.Body)
		}
		root.Do("POST", "/v1/exclusions", object{"name": "till", "roles": []string{"keeper", "cashier"}}).Refused(409, "exclusion_name_taken")
		edited := patch(root, "/v1/exclusions/till", object{"roles": []string{"keeper", "controller", "cashier"}, "at_most": 2}).Expect(200)
		same(t, "roles", texts(t, edited.Value("roles")), []string{"cashier", "controller", "keeper"})
		if edited.ETag() != `"2"` || edited.Value("at_most") != float64(2) || edited.String("description_zh") != "收款与复核分离" {
			t.Errorf("edited %s", edited.Body)
		}
		root.Do("PATCH", "/v1/exclusions/till", object{"at_most": 1}).Refused(428, "version_required")
		root.Do("PATCH", "/v1/exclusions/till", object{"at_most": 1}, "If-Match", `"1"`).Refused(412, "stale_version")
		root.Do("DELETE", "/v1/exclusions/till", nil, "If-Match", `"1"`).Refused(412, "stale_version")
		remove(root, "/v1/exclusions/till").Expect(204)
		for _, method := range []string{"GET", "PATCH", "DELETE"} {
			var body any
			if method == "PATCH" {
				body = object{}
			}
			root.Do(method, "/v1/exclusions/till", body, "If-Match", `"2"`).Refused(404, "not_found")
		}
	})
}

func TestExclusionsAreListedByNameInPages(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		_, root := newTill(t, s)
		for _, name := range []string{"c", "a", "b"} {
			exclude(root, name, 1, "cashier", "keeper").Expect(201)
		}
		exclude(s.NewTenant("other", "it-desk").NewUser("root", nil, "admin").SignIn(), "theirs", 1, "user", "agent").Expect(201)
		var names []string
		for path := "/v1/exclusions?limit=2"; path != ""; {
			page := root.Do("GET", path, nil).Expect(200)
			for _, item := range page.Value("items").([]any) {
				names = append(names, item.(object)["name"].(string))
				same(t, "roles", texts(t, item.(object)["roles"]), []string{"cashier", "keeper"})
			}
			path = ""
			if next := page.String("next"); next != "" {
				path = "/v1/exclusions?limit=2&cursor=" + next
			}
		}
		same(t, "names", names, []string{"a", "b", "c"})
	})
}

func TestExclusionsWithMistakesAreRefusedAtEachPlace(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		_, root := newTill(t, s)
		refused := root.Do("POST", "/v1/exclusions", object{
			"name": "till", "roles": []string{"cashier", "kasier", "cashier"}, "at_most": 3, "description_en": "a\tb", "description_zh": "a\nb",
		}).Refused(422, "invalid_request")
		for at, want := range map[string]string{
			"body.roles[1]":       "no such role; did you mean cashier or keeper or user?",
			"body.roles[2]":       "stands twice",
			"body.at_most":        "must be less than the number of roles",
			"body.description_en": "must not hold control characters",
		} {
			if got := place(t, refused, at); got != want {
				t.Errorf("%s: %q, want %q", at, got, want)
			}
		}
		for at, body := range map[string]object{
			"body.roles":   {"name": "till", "roles": []string{"cashier"}},
			"body.at_most": {"name": "till", "roles": []string{"cashier", "keeper"}, "at_most": 0},
			"body.name":    {"name": "Till", "roles": []string{"cashier", "keeper"}},
		} {
			place(t, root.Do("POST", "/v1/exclusions", body).Refused(422, "invalid_request"), at)
		}
		exclude(root, "till", 1, "cashier", "keeper").Expect(201)
		place(t, patch(root, "/v1/exclusions/till", object{"at_most": 2}).Refused(422, "invalid_request"), "body.at_most")
		place(t, patch(root, "/v1/exclusions/till", object{"roles": []string{"cashier", "cashier"}}).Refused(422, "invalid_request"), "body.roles[1]")
	})
}

func TestNobodyIsGivenRolesThatExcludeEachOther(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme, root := newTill(t, s)
		ann := acme.NewUser("ann", nil, "cashier")
		exclude(root, "till", 1, "cashier", "controller").Expect(201)
		refused := assign(root, ann, "user", "controller", "cashier").Refused(409, "excluded_roles")
		if got, want := refused.String("detail"), "till: cashier, controller, at most 1 of them"; got != want {
			t.Errorf("detail %q, want %q", got, want)
		}
		root.Do("POST", "/v1/users", object{"username": "bob", "roles": []string{"cashier", "controller"}}).Refused(409, "excluded_roles")
		assign(root, ann, "controller", object{"role": "controller", "departments": []string{}}, "keeper").Expect(200) // one role, twice
		patch(root, "/v1/exclusions/till", object{"roles": []string{"cashier", "controller", "keeper"}, "at_most": 2}).Expect(200)
		assign(root, ann, "cashier", "keeper").Expect(200)
		assign(root, ann, "cashier", "keeper", "controller").Refused(409, "excluded_roles")
		same(t, "roles", column(t, root.Do("GET", "/v1/users/"+ann.ID+"/roles", nil).Value("roles"), "role"), []string{"keeper", "cashier"})
	})
}

// What an assignment gives now makes no difference: it could give more tomorrow, without anybody asking again.
func TestAssignmentsCountUntilTheyExpire(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme, root := newTill(t, s)
		exclude(root, "till", 1, "cashier", "controller").Expect(201)
		ann := acme.NewUser("ann", nil, "cashier")
		root.Do("POST", "/v1/roles/cashier/deactivate", nil).Expect(200)
		assign(root, ann, "cashier", "controller").Refused(409, "excluded_roles")
		put(root, "/v1/users/"+ann.ID+"/roles", object{"roles": []string{"cashier", "controller"}, "permission_list": []string{}}).Refused(409, "excluded_roles")

		until := func(role string, d time.Duration) object { return object{"role": role, "expires_at": later(s, d)} }
		assign(root, ann, until("cashier", time.Minute), until("controller", time.Hour)).Refused(409, "excluded_roles")

		// What has expired counts no longer, unless it is given anew.
		give(t, s, ann, policy.Assignment{Role: "cashier", ExpiresAt: s.Clock.Now().Add(-time.Second)}, policy.Assignment{Role: "controller"})
		patch(root, "/v1/users/"+ann.ID, object{"name": "Ann"}).Expect(200)
		remove(root, "/v1/exclusions/till").Expect(204)
		exclude(root, "till", 1, "cashier", "controller").Expect(201)
		assign(root, ann, "controller", until("cashier", time.Minute)).Refused(409, "excluded_roles")
		assign(root, ann, "controller").Expect(200)
	})
}

func TestWhoBrokeAnExclusionBeforeItCameStandsInNobodysWay(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme, root := newTill(t, s)
		exclude(root, "till", 1, "cashier", "controller").Expect(201)
		ann, bob := acme.NewUser("ann", nil), acme.NewUser("bob", nil)
		give(t, s, ann, policy.Assignment{Role: "cashier"}, policy.Assignment{Role: "controller"}) // around the guard rails
		assign(root, bob, "cashier").Expect(200)
		patch(root, "/v1/roles/cashier", object{"permissions": []string{"tag:read"}}).Expect(200)
		root.Do("POST", "/v1/users/"+ann.ID+"/disable", nil).Expect(200)
		patch(root, "/v1/exclusions/till", object{"description_en": "Two pairs of eyes"}).Expect(200)
		patch(root, "/v1/exclusions/till", object{"roles": []string{"cashier", "controller", "keeper"}}).Refused(409, "exclusion_violated")
		assign(root, ann, "cashier", "controller", "keeper").Refused(409, "excluded_roles")
		assign(root, ann, "cashier").Expect(200)
	})
}

func TestAnExclusionThatUsersViolateIsRefusedWithTheirNames(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme, root := newTill(t, s)
		north := acme.NewDepartment("North", "")
		near, far := acme.NewUser("near", []string{north}, "cashier", "controller", "user"), acme.NewUser("far", nil, "cashier", "controller")
		newRole(root, "clerk", "role:*", "user:read:department").Expect(201)
		clerk := acme.NewUser("clerk", []string{north}, "clerk").SignIn()
		both := []servertest.User{*near, *far}
		if near.ID > far.ID {
			both[0], both[1] = both[1], both[0]
		}
		violated(t, exclude(root, "till", 1, "cashier", "controller", "keeper"), 2, both...)
		violated(t, exclude(clerk, "till", 1, "cashier", "controller"), 2, *near)
		root.Do("GET", "/v1/exclusions/till", nil).Refused(404, "not_found")

		exclude(root, "till", 2, "cashier", "controller", "keeper").Expect(201)
		violated(t, patch(root, "/v1/exclusions/till", object{"at_most": 1}), 2, both...)
		exclude(root, "counter", 1, "controller", "keeper").Expect(201)
		violated(t, patch(clerk, "/v1/exclusions/counter", object{"roles": []string{"controller", "cashier"}}), 2, *near)
		if read := root.Do("GET", "/v1/exclusions/till", nil).Expect(200); read.ETag() != `"1"` || read.Value("at_most") != float64(2) {
			t.Errorf("a refused change left %s", read.Body)
		}
	})
}

// violated fails the test unless these users, and how many there are, are given as the reason.
func violated(t *testing.T, a *servertest.Answer, count int, users ...servertest.User) {
	t.Helper()
	var problem struct {
		HolderCount int `json:"holder_count"`
		Holders     []struct {
			ID, Name string
			Roles    []string
		}
	}
	a.Refused(409, "exclusion_violated").Into(&problem)
	var want []string
	for _, u := range users {
		want = append(want, fmt.Sprint(u.ID, u.Name, []string{"cashier", "controller"}))
	}
	var got []string
	for _, h := range problem.Holders {
		got = append(got, fmt.Sprint(h.ID, h.Name, h.Roles))
	}
	same(t, "holders", got, want)
	if problem.HolderCount != count {
		t.Errorf("%d holders, want %d", problem.HolderCount, count)
	}
}

func TestARefusalNamesOnlyAHundred(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		_, root := newTill(t, s)
		for i := range 101 {
			root.Do("POST", "/v1/users", object{"username": fmt.Sprint("u", i), "roles": []string{"cashier", "controller"}}).Expect(201)
		}
		refused := exclude(root, "till", 1, "cashier", "controller").Refused(409, "exclusion_violated")
		if n := len(refused.Value("holders").([]any)); n != 100 || refused.Value("holder_count") != float64(101) {
			t.Errorf("%d named of %v", n, refused.Value("holder_count"))
		}
	})
}

// A role that goes leaves its exclusions, unless one of them would keep nothing apart without it.
func TestARoleLeavesItsExclusionsWhenItGoes(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		_, root := newTill(t, s)
		exclude(root, "till", 1, "cashier", "controller", "keeper").Expect(201)
		exclude(root, "counter", 1, "cashier", "keeper").Expect(201)
		version := etag(root, "/v1/exclusions/till")
		if got := remove(root, "/v1/roles/keeper").Refused(409, "role_in_exclusion").String("detail"); got != "counter" {
			t.Errorf("detail %q", got)
		}
		if etag(root, "/v1/exclusions/till") != version {
			t.Error("what was refused has changed an exclusion")
		}
		remove(root, "/v1/exclusions/counter").Expect(204)
		remove(root, "/v1/roles/keeper").Expect(204)
		now := root.Do("GET", "/v1/exclusions/till", nil).Expect(200)
		same(t, "roles", texts(t, now.Value("roles")), []string{"cashier", "controller"})
		if now.ETag() == version {
			t.Error("the exclusion has other roles and the version it had")
		}
		all := recordsBy(t, root, "role.delete")
		if got := part(t, all[1]["change"].(object), "exclusions"); got != `{"old":["till"]}` {
			t.Errorf("the record says %s", got)
		}
		if got := part(t, all[0], "target"); got != `[{"id":"till","type":"exclusion"}]` {
			t.Errorf("the record of the exclusion is of %s", got)
		}
		remove(root, "/v1/roles/controller").Refused(409, "role_in_exclusion")
	})
}

func TestWhoMayReadAndChangeExclusions(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme, root := newTill(t, s)
		exclude(root, "till", 1, "cashier", "controller").Expect(201)
		as := func(name string, permissions ...string) *servertest.Client {
			newRole(root, name, permissions...).Expect(201)
			return acme.NewUser(name, nil, name).SignIn()
		}
		reader, editor, assigner := as("reader", "role:read"), as("editor", "role:read", "role:update", "role:create"), as("assigner", "role:assign")
		for _, c := range []*servertest.Client{reader, editor} {
			c.Do("GET", "/v1/exclusions", nil).Expect(200)
			c.Do("GET", "/v1/exclusions/till", nil).Expect(200)
			exclude(c, "mine", 1, "keeper", "controller").Refused(403, "no_permission")
			patch(c, "/v1/exclusions/till", object{"at_most": 1}).Refused(403, "no_permission")
			remove(c, "/v1/exclusions/till").Refused(403, "no_permission")
		}
		assigner.Do("GET", "/v1/exclusions/till", nil).Refused(403, "no_permission")
		exclude(assigner, "theirs", 1, "keeper", "controller").Expect(201)
		assigner.Do("DELETE", "/v1/exclusions/till", nil, "If-Match", etag(root, "/v1/exclusions/till")).Expect(204)
	})
}

func TestRecordsTellWhatExclusionsWereAndAre(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		_, root := newTill(t, s)
		exclude(root, "till", 1, "cashier", "controller").Expect(201)
		made := record(t, root, "exclusion.create")
		if got, want := part(t, made, "target"), `[{"id":"till","type":"exclusion"}]`; got != want {
			t.Errorf("target %s, want %s", got, want)
		}
		change := made["change"].(object)
		if got, want := part(t, change, "roles"), `{"new":["cashier","controller"]}`; got != want || change["at_most"] == nil {
			t.Errorf("change %v, want at_most and roles %s", change, want)
		}
		patch(root, "/v1/exclusions/till", object{"roles": []string{"cashier", "controller", "keeper"}, "description_en": "Two pairs of eyes"}).Expect(200)
		change = record(t, root, "exclusion.update")["change"].(object)
		if got, want := part(t, change, "roles"), `{"new":["cashier","controller","keeper"],"old":["cashier","controller"]}`; got != want {
			t.Errorf("roles %s, want %s", got, want)
		}
		if text := change["description_en"].(object); len(change) != 2 || text["committed"] == nil || text["new"] != nil {
			t.Errorf("change %v, want roles and a commitment to description_en", change)
		}
		remove(root, "/v1/exclusions/till").Expect(204)
		gone := record(t, root, "exclusion.delete")
		if got, want := part(t, gone, "target"), `[{"id":"till","type":"exclusion"}]`; got != want {
			t.Errorf("target %s, want %s", got, want)
		}
		change = gone["change"].(object)
		if got, want := part(t, change, "roles"), `{"old":["cashier","controller","keeper"]}`; got != want || change["at_most"] == nil {
			t.Errorf("change %v, want at_most and roles %s", change, want)
		}
	})
}
