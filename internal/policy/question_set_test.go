package policy_test

import (
	"slices"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

func TestAFilterSaysWhichObjectsACheckAllows(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		north := acme.NewDepartment("North", "")
		below := acme.NewDepartment("Below", north)
		agent := acme.NewUser("ann", []string{north}, "agent").SignIn()
		lead := acme.NewUser("lin", []string{north}, "team_lead").SignIn()
		root := acme.NewUser("root", nil, "admin").SignIn()
		departments := `["` + north + `","` + below + `"]`
		if below < north {
			departments = `["` + below + `","` + north + `"]`
		}
		for _, c := range []struct {
			by                     *servertest.Client
			resource, action, want string
		}{
			{agent, "conversation", "read", `{"departments":[],"everything":false,"own":["owner","assignee"],"unassigned":true}`},
			{agent, "conversation", "update", `{"departments":[],"everything":false,"own":["assignee"],"unassigned":false}`},
			{lead, "conversation", "read", `{"departments":` + departments + `,"everything":false,"own":["owner","assignee"],"unassigned":true}`},
			{root, "conversation", "read", `{"departments":[],"everything":true,"own":[],"unassigned":false}`},
			{agent, "role", "delete", `{"departments":[],"everything":false,"own":[],"unassigned":false}`},
		} {
			if got := answer(t, c.by, "filter", object{"resource": c.resource, "action": c.action}); got != c.want {
				t.Errorf("%s %s of %s: %s, want %s", c.action, c.resource, c.by.User.ID, got, c.want)
			}
		}
		other := object{"subject": agent.User.ID, "resource": "conversation", "action": "read"}
		if answer(t, root, "filter", other) != answer(t, agent, "filter", object{"resource": "conversation", "action": "read"}) {
			t.Error("asked about by somebody else, the answer is another")
		}
		agent.Do("POST", "/v1/access/filter", object{"subject": root.User.ID, "resource": "conversation", "action": "read"}).Refused(404, "not_found")
		agent.Do("POST", "/v1/access/filter", object{"resource": "conversation", "action": "*"}).Refused(422, "invalid_request")
	})
}

// Who may do something is who would be told so if they asked; of those whom one may not read it is only said
// that there are some.
func TestWhoCanIsWhomACheckAllows(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		north, south := acme.NewDepartment("North", ""), acme.NewDepartment("South", "")
		clients := map[string]*servertest.Client{}
		for name, roles := range map[string][]string{"ann": {"agent"}, "bob": {"agent", "user"}, "lin": {"team_lead"}, "ada": {"auditor"}, "zoe": {"user"}} {
			department := map[bool]string{true: south, false: north}[name == "bob"]
			clients[name] = acme.NewUser(name, []string{department}, roles...).SignIn()
		}
		root := acme.NewUser("root", nil, "admin").SignIn()
		described := object{"resource": "conversation", "assignable": true, "owners": []string{clients["zoe"].User.ID}, "departments": []string{north}}
		question := object{"action": "read", "object": described}

		listed := map[string]any{}
		for path := "/v1/access/who-can?limit=2"; path != ""; {
			page := root.Do("POST", path, question).Expect(200)
			if page.Value("others") != false {
				t.Error("there are others")
			}
			for _, item := range page.Value("items").([]any) {
				holder := item.(map[string]any)
				listed[holder["user"].(map[string]any)["id"].(string)] = holder["by"]
			}
			next, more := page.Value("next").(string)
			if path = ""; more {
				path = "/v1/access/who-can?limit=2&cursor=" + next
			}
		}
		for name, c := range clients {
			explained := c.Do("POST", "/v1/access/explain", question).Expect(200)
			by, found := listed[c.User.ID]
			if found != (explained.Value("allow") == true) || found && !slices.Equal(by.([]any), explained.Value("by").([]any)) {
				t.Errorf("%s: listed %v by %v, told %v", name, found, by, explained.Value())
			}
		}

		some := clients["lin"].Do("POST", "/v1/access/who-can", question).Expect(200)
		for _, item := range some.Value("items").([]any) {
			if id := item.(map[string]any)["user"].(map[string]any)["id"]; id == clients["bob"].User.ID || id == root.User.ID {
				t.Errorf("a lead is told of %v, whom they may not read", id)
			}
		}
		if some.Value("others") != true {
			t.Error("a lead is not told that there are others")
		}
		root.Do("POST", "/v1/access/who-can", object{"action": "read", "object": object{"resource": "cat"}}).Refused(422, "invalid_request")
	})
}

func TestWhatCanIsWhatTheUsersPageShows(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		ann := acme.NewUser("ann", nil, "agent", "user").SignIn()
		root := acme.NewUser("root", nil, "admin").SignIn()
		shown := string(root.Do("GET", "/v1/users/"+ann.User.ID+"/access", nil).Expect(200).Body)
		for name, got := range map[string]string{
			"of oneself":  string(ann.Do("POST", "/v1/access/what-can", object{}).Expect(200).Body),
			"of an other": string(root.Do("POST", "/v1/access/what-can", object{"subject": ann.User.ID}).Expect(200).Body),
		} {
			if got != shown {
				t.Errorf("%s: %s, want %s", name, got, shown)
			}
		}
		ann.Do("POST", "/v1/access/what-can", object{"subject": root.User.ID}).Refused(404, "not_found")
	})
}
