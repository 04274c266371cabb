package policy_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// answer asks a question and returns the whole answer as canonical JSON.
func answer(t *testing.T, c *servertest.Client, question string, body any) string {
	t.Helper()
	text, err := json.Marshal(c.Do("POST", "/v1/access/"+question, body).Expect(200).Value())
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestHoldsAnswersForMenus(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		agent := s.NewTenant("acme", "it-desk").NewUser("ann", nil, "agent").SignIn()
		for question, want := range map[string]bool{
			"conversation read":            true, // own, where none is given
			"conversation read own":        true,
			"conversation read unassigned": true,
			"conversation read department": false,
			"conversation read all":        false,
			"conversation create all":      true,
			"conversation delete":          false,
			"knowledge read department":    true,
		} {
			parts := append(strings.Fields(question), "")
			body := object{"resource": parts[0], "action": parts[1]}
			if parts[2] != "" {
				body["scope"] = parts[2]
			}
			if got := agent.Do("POST", "/v1/access/holds", body).Expect(200).Value("allow"); got != want {
				t.Errorf("%s: %v, want %v", question, got, want)
			}
		}
	})
}

func TestCheckAndExplainGiveReasons(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		north, south := acme.NewDepartment("North", ""), acme.NewDepartment("South", "")
		ann := acme.NewUser("ann", []string{north}, "agent", "user")
		hers := ann.SignIn()
		for _, c := range []struct {
			action         string
			object         object
			check, explain string
		}{
			{"read", object{"owners": []string{ann.ID}},
				`{"allow":true,"reason":null}`,
				`{"allow":true,"by":["agent","user"],"have":[],"needs":null,"reason":null}`},
			{"read", object{"assignable": true, "departments": []string{south}},
				`{"allow":true,"reason":null}`,
				`{"allow":true,"by":["agent"],"have":[],"needs":null,"reason":null}`},
			{"read", object{"assignable": true, "assignee": "somebody", "departments": []string{north}},
				`{"allow":false,"reason":"out_of_scope"}`,
				`{"allow":false,"by":[],"have":["own","unassigned"],"needs":"department","reason":"out_of_scope"}`},
			{"read", object{"assignable": true, "assignee": "somebody", "departments": []string{south}},
				`{"allow":false,"reason":"out_of_scope"}`,
				`{"allow":false,"by":[],"have":["own","unassigned"],"needs":"all","reason":"out_of_scope"}`},
			{"monitor", object{"assignee": ann.ID},
				`{"allow":false,"reason":"no_permission"}`,
				`{"allow":false,"by":[],"have":[],"needs":"own","reason":"no_permission"}`},
			{"read", object{"owners": []string{ann.ID}, "tenant": "another"},
				`{"allow":false,"reason":"other_tenant"}`,
				`{"allow":false,"by":[],"have":["own","unassigned"],"needs":null,"reason":"other_tenant"}`},
		} {
			c.object["resource"] = "conversation"
			body := object{"action": c.action, "object": c.object}
			if got := answer(t, hers, "check", body); got != c.check {
				t.Errorf("check %v: %s, want %s", body, got, c.check)
			}
			if got := answer(t, hers, "explain", body); got != c.explain {
				t.Errorf("explain %v: %s, want %s", body, got, c.explain)
			}
		}
	})
}

func TestReasonsOfRolesAndUsersThatDoNotCount(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		admin := acme.NewUser("root", nil, "admin").SignIn()
		agent := acme.NewUser("ann", nil, "agent")
		ask := func() string {
			return admin.Do("POST", "/v1/access/check", object{
				"subject": agent.ID, "action": "read", "object": object{"resource": "conversation", "assignee": agent.ID},
			}).Expect(200).String("reason")
		}
		admin.Do("POST", "/v1/roles/agent/deactivate", nil).Expect(200)
		if got := ask(); got != "role_inactive" {
			t.Errorf("an inactive role: %q", got)
		}
		admin.Do("POST", "/v1/users/"+agent.ID+"/disable", nil).Expect(200)
		if got := ask(); got != "subject_inactive" {
			t.Errorf("a disabled user: %q", got)
		}
	})
}

func TestQuestionsAboutOthersNeedUserRead(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme, other := s.NewTenant("acme", "it-desk"), s.NewTenant("other", "it-desk")
		north, south := acme.NewDepartment("North", ""), acme.NewDepartment("South", "")
		near, far := acme.NewUser("near", []string{north}, "agent"), acme.NewUser("far", []string{south}, "agent")
		stranger := other.NewUser("stranger", nil, "agent")
		asker := acme.NewUser("asker", []string{north}, "user")
		client := asker.SignIn()
		about := func(subject string) map[string]any {
			return object{
				"holds":   object{"subject": subject, "resource": "conversation", "action": "take", "scope": "unassigned"},
				"check":   object{"subject": subject, "action": "take", "object": object{"resource": "conversation", "assignable": true}},
				"explain": object{"subject": subject, "action": "take", "object": object{"resource": "conversation", "assignable": true}},
			}
		}
		refused := func(subjects ...string) {
			t.Helper()
			var bodies []string
			for _, subject := range subjects {
				for question, body := range about(subject) {
					a := client.Do("POST", "/v1/access/"+question, body).Refused(404, "not_found")
					bodies = append(bodies, a.String("title")+a.String("detail"))
				}
			}
			for _, b := range bodies {
				if b != bodies[0] {
					t.Errorf("refusals differ: %q and %q", b, bodies[0])
				}
			}
		}
		refused(near.ID, far.ID, stranger.ID, "none")
		list(t, s, asker, "user:view")
		refused(near.ID, "none")
		list(t, s, asker, "user:read:department")
		refused(far.ID, stranger.ID, "none")
		for question, body := range about(near.ID) {
			if client.Do("POST", "/v1/access/"+question, body).Expect(200).Value("allow") != true {
				t.Errorf("%s about somebody nearby is not answered yes", question)
			}
		}
		for question, body := range about(asker.ID) {
			if client.Do("POST", "/v1/access/"+question, body).Expect(200).Value("allow") != false {
				t.Errorf("%s about oneself is not answered no", question)
			}
		}
	})
}

func TestUnknownNamesHaveNoAnswer(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		admin := s.NewTenant("acme", "it-desk").NewUser("root", nil, "admin").SignIn()
		check := func(resource, action string) *servertest.Answer {
			return admin.Do("POST", "/v1/access/check", object{"action": action, "object": object{"resource": resource, "tenant": "elsewhere"}}).
				Refused(422, "invalid_request")
		}
		for _, c := range []struct{ resource, action, place, want string }{
			{"conversaton", "read", "body.object.resource", "no such resource; did you mean conversation?"},
			{"conversation", "raed", "body.action", "no such action of conversation; did you mean read?"},
			{"*", "read", "body.object.resource", "no such resource"},
			{"conversation", "*", "body.action", "no such action of conversation"},
			{"report", "view", "body.action", "no such action of report"}, // an alias is for writing only
		} {
			if got := place(t, check(c.resource, c.action), c.place); !strings.HasPrefix(got, c.want) {
				t.Errorf("%s:%s: %q, want %q", c.resource, c.action, got, c.want)
			}
		}
		holds := admin.Do("POST", "/v1/access/holds", object{"resource": "conversation", "action": "read", "scope": "team"}).Refused(422, "invalid_request")
		place(t, holds, "body.scope")
		holds = admin.Do("POST", "/v1/access/holds", object{"resource": "nothing", "action": "read"}).Refused(422, "invalid_request")
		place(t, holds, "body.resource")
		admin.Do("POST", "/v1/access/check", object{"action": "read"}).Refused(422, "invalid_request")
		admin.Do("POST", "/v1/access/check", object{"action": "read", "object": object{"resource": "conversation", "owner": "x"}}).Refused(422, "invalid_request")
	})
}

func TestNamingAnotherTenantIsToldToThePlatform(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme, other := s.NewTenant("acme", "it-desk"), s.NewTenant("other", "it-desk")
		client := acme.NewUser("ann", nil, "agent").SignIn()
		a := client.Do("POST", "/v1/access/check", object{"action": "read", "object": object{"resource": "conversation", "tenant": other.ID}}).Expect(200)
		if kept := records(t, s, "platform", "access.check"); len(kept) != 1 || kept[0] != a.Header.Get("Audit-Record") {
			t.Errorf("the platform's trail has %v, want %s", kept, a.Header.Get("Audit-Record"))
		}
		if kept := records(t, s, other.ID, "access.check"); len(kept) != 0 {
			t.Errorf("the other tenant's trail has %v", kept)
		}
	})
}

func TestTheCatalogueIsEverybodys(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		client := s.NewTenant("acme", "it-desk").NewUser("ann", nil, "user").SignIn()
		items := client.Do("GET", "/v1/catalogue", nil).Expect(200).Value("items")
		names := column(t, items, "name")
		if names[0] != "conversation" || len(names) != 27 {
			t.Errorf("resources %q", names)
		}
		conversation := items.([]any)[0].(object)
		same(t, "scopes", texts(t, conversation["scopes"]), []string{"own", "unassigned", "department", "all"})
		if conversation["label_zh"] != "会话" || conversation["label_en"] != "Conversation" || conversation["assignable"] != true || conversation["status"] != "built-in" {
			t.Errorf("conversation is %v", conversation)
		}
		var risky []string
		for _, a := range conversation["actions"].([]any) {
			if a.(object)["high_risk"] == true {
				risky = append(risky, a.(object)["name"].(string))
			}
		}
		same(t, "high risk", risky, []string{"delete", "export"})
		same(t, "own of reply", texts(t, conversation["own"].(object)["reply"]), []string{"owner"})
	})
}
