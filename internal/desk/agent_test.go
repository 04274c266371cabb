package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// agentNames are those of a page of agents, in order.
func agentNames(a *servertest.Answer) []string {
	var page struct {
		Items []struct{ User struct{ Name string } }
	}
	a.Expect(200).Into(&page)
	list := []string{}
	for _, item := range page.Items {
		list = append(list, item.User.Name)
	}
	return list
}

func TestAnAgentFromTheirMakingToTheirEnd(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		root, path := w.as("root"), "/v1/agents/"+w.user("bob")
		root.Do("GET", path, nil).Refused(404, "not_found")
		made := root.Do("POST", "/v1/agents", object{"user": w.user("bob"), "skill_tags": []string{"security", "network", "network"}}).Expect(201)
		if made.String("user", "name") != "bob" || made.String("status") != "offline" || made.Value("max_load") != 5.0 || made.ETag() != `"1"` ||
			made.Value("current_load") != 0.0 || made.Value("connected") != false || made.Value("last_assigned_at") != nil ||
			fmt.Sprint(made.Value("skill_tags")) != "[map[id:network name:网络] map[id:security name:安全]]" ||
			fmt.Sprint(made.Value("departments")) != "[map[id:"+w.support+" name:Support]]" {
			t.Errorf("made %s", made.Body)
		}
		if read := root.Do("GET", path, nil).Expect(200); string(read.Body) != string(made.Body) || read.ETag() != made.ETag() {
			t.Errorf("read %s, made %s", read.Body, made.Body)
		}
		limited := patch(root, path, made.ETag(), `{"max_load":100}`).Expect(200)
		if limited.Value("max_load") != 100.0 || len(limited.Value("skill_tags").([]any)) != 2 {
			t.Errorf("with another limit %s", limited.Body)
		}
		unskilled := patch(root, path, limited.ETag(), `{"skill_tags":[]}`).Expect(200)
		if unskilled.Value("max_load") != 100.0 || len(unskilled.Value("skill_tags").([]any)) != 0 || unskilled.ETag() != `"3"` {
			t.Errorf("without skills %s", unskilled.Body)
		}
		patch(root, path, limited.ETag(), `{"max_load":2}`).Refused(412, "stale_version")
		root.Do("DELETE", path, nil, "If-Match", limited.ETag()).Refused(412, "stale_version")
		root.Do("DELETE", path, nil, "If-Match", unskilled.ETag()).Expect(204)
		root.Do("GET", path, nil).Refused(404, "not_found")
	})
}

func TestAnAgentRefuses(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		root, bob, ann := w.as("root"), w.user("bob"), "/v1/agents/"+w.user("ann")
		for _, body := range []any{
			`{}`, object{"user": bob, "max_load": 0}, object{"user": bob, "max_load": 101}, object{"user": bob, "skill_tags": []string{"magic"}},
			object{"user": bob, "status": "online"}, object{"user": "nobody"}, object{"user": w.user("zoe")}, object{"user": bob, "skill_tags": nil},
		} {
			root.Do("POST", "/v1/agents", body).Refused(422, "invalid_request")
		}
		root.Do("POST", "/v1/agents", object{"user": w.user("rui")}).Refused(409, "takes_no_conversations")
		root.Do("POST", "/v1/agents", object{"user": w.user("ann")}).Refused(409, "agent_exists")
		patch(root, ann, `"1"`, `{"skill_tags":["network","magic"]}`).Refused(422, "invalid_request")
		patch(root, ann, `"1"`, `{"max_load":0}`).Refused(422, "invalid_request")
		root.Do("PATCH", ann, `{"max_load":7}`).Refused(428, "version_required")
		root.Do("DELETE", ann, nil, "If-Match", `"1"`).Refused(409, "agent_has_history")
		if now := root.Do("GET", ann, nil).Expect(200); now.ETag() != `"1"` || now.Value("max_load") != 5.0 || len(now.Value("skill_tags").([]any)) != 0 {
			t.Errorf("after refusals %s", now.Body)
		}
	})
}

// A limit is somebody else's to set, also for those who may set everybody's.
func TestNobodySetsTheirOwnLimits(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		w.as("root").Do("POST", "/v1/agents", object{"user": w.user("root")}).Refused(403, "own_agent_row")
		for _, who := range []string{"lin", "root"} {
			own := "/v1/agents/" + w.user(who)
			w.as(who).Do("PUT", "/v1/me/agent", `{"status":"busy"}`).Expect(200)
			patch(w.as(who), own, `"1"`, `{"max_load":50}`).Refused(403, "own_agent_row")
			patch(w.as(who), own, `"1"`, `{"skill_tags":["network"]}`).Refused(403, "own_agent_row")
		}
		w.as("root").Do("DELETE", "/v1/agents/"+w.user("root"), nil, "If-Match", `"1"`).Refused(403, "own_agent_row")
		patch(w.as("root"), "/v1/agents/"+w.user("lin"), `"1"`, `{"max_load":50}`).Expect(200)
		patch(w.as("lin"), "/v1/agents/"+w.user("ann"), `"1"`, `{"max_load":50}`).Expect(200)
	})
}

// Who sees whom in the list sees them on their page, and nobody else.
func TestWhoSeesWhichAgents(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		all := []string{"ann", "bob", "eva", "lin"}
		for _, name := range all[1:] {
			w.as("root").Do("POST", "/v1/agents", object{"user": w.user(name)}).Expect(201)
		}
		for who, sees := range map[string][]string{
			"ann": {"ann"}, "bob": {"bob"}, "lin": {"ann", "bob", "lin"}, "eva": {"eva"}, "ada": all, "root": all, "zoe": {},
		} {
			if list := agentNames(w.as(who).Do("GET", "/v1/agents", nil)); !slices.Equal(list, sees) {
				t.Errorf("%s sees %v", who, list)
			}
			for _, name := range all {
				read := w.as(who).Do("GET", "/v1/agents/"+w.user(name), nil)
				if slices.Contains(sees, name) {
					read.Expect(200)
				} else {
					read.Refused(404, "not_found")
				}
			}
		}
		w.as("rui").Do("GET", "/v1/agents", nil).Refused(403, "no_permission")
	})
}

func TestAgentsAreFilteredAndPaged(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		root := w.as("root")
		below := w.NewDepartment("Below", w.support)
		deep := w.NewUser("Deep", []string{below}, "agent")
		for user, skills := range map[string][]string{w.user("bob"): {"network"}, w.user("eva"): {"network", "asset"}, deep.ID: {"asset"}} {
			root.Do("POST", "/v1/agents", object{"user": user, "skill_tags": skills}).Expect(201)
		}
		for query, want := range map[string][]string{
			"status=online": {"ann"}, "status=offline": {"bob", "Deep", "eva"}, "status=busy": {},
			"skill=network": {"bob", "eva"}, "skill=asset": {"Deep", "eva"}, "skill=magic": {},
			"department=" + w.support: {"ann", "bob", "Deep"}, "department=" + below: {"Deep"}, "department=nowhere": {},
			"q=E": {"Deep", "eva"}, "q=%25": {}, "q=b&skill=network&status=offline&department=" + w.support: {"bob"},
		} {
			if list := agentNames(root.Do("GET", "/v1/agents?"+query, nil)); !slices.Equal(list, want) {
				t.Errorf("%s finds %v", query, list)
			}
		}
		var paged []string
		for cursor := "/v1/agents?limit=1"; cursor != ""; {
			page := root.Do("GET", cursor, nil)
			paged = append(paged, agentNames(page)...)
			if cursor = page.String("next"); cursor != "" {
				cursor = "/v1/agents?limit=1&cursor=" + cursor
			}
		}
		if strings.Join(paged, " ") != "ann bob Deep eva" {
			t.Errorf("page by page: %v", paged)
		}
	})
}
